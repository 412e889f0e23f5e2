#include "model/comparison_library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <numeric>

#include "expr/expression.h"
#include "model/linkage_model.h"

namespace linkwright {
namespace {

using testing::HasSubstr;
using Json = nlohmann::ordered_json;

// The SQL that Splink 5.0.0's own library writes.
TEST(ComparisonLibrary, WritesSplinksConditions) {
  const Comparison name =
      expand_comparison(Json::parse(R"({"comparison": "NameComparison", "column": "fn"})"), "x", "").ValueOrDie();
  ASSERT_EQ(name.levels.size(), 6u);
  EXPECT_EQ(name.levels[0].sql_condition, "\"fn_l\" IS NULL OR \"fn_r\" IS NULL");
  EXPECT_EQ(name.levels[2].sql_condition, "jaro_winkler_similarity(\"fn_l\", \"fn_r\") >= 0.92");
  EXPECT_EQ(name.levels[1].tf_adjustment_column, "fn");
  const Comparison date =
      expand_comparison(Json::parse(R"({"comparison": "DateOfBirthComparison", "column": "dob"})"), "x", "")
          .ValueOrDie();
  EXPECT_EQ(
      date.levels[3].sql_condition,
      "ABS(EPOCH(try_strptime(\"dob_l\", '%Y-%m-%d')) - EPOCH(try_strptime(\"dob_r\", '%Y-%m-%d'))) <= 2629800.0");
  EXPECT_EQ(date.levels[3].label_for_charts, "Abs date difference <= 1 month");
}

TEST(ComparisonLibrary, WritesEveryTemplate) {
  for (const std::string& name : comparison_templates()) {
    Json json = {{"comparison", name}};
    if (name == "ForenameSurnameComparison") {
      json["forename_col_name"] = "a";
      json["surname_col_name"] = "b";
    } else if (name == "DistanceInKMAtThresholds") {
      json["lat_col"] = "a";
      json["long_col"] = "b";
      json["km_thresholds"] = {1, 10};
    } else {
      json["column"] = "a";
    }
    if (name.starts_with("Absolute")) {
      json["metrics"] = {"day", "month"};
      json["thresholds"] = {1, 2};
    }
    const auto comparison = expand_comparison(json, "x", "");
    ASSERT_TRUE(comparison.ok()) << name << ": " << comparison.status();
    LinkageModel model;
    model.comparisons = {*comparison};
    EXPECT_TRUE(LinkageModel::from_json(model.to_json(), "x").ok()) << name;
  }
}

TEST(ComparisonLibrary, NamesTheNearestTemplate) {
  const auto comparison =
      expand_comparison(Json::parse(R"({"comparison": "NameComparision", "column": "fn"})"), "x", "comparisons[0]");
  EXPECT_THAT(comparison.status().message(), HasSubstr("did you mean 'NameComparison'?"));
}

// Found when a job was first proposed: the ELSE level was taken for a condition and ended the program.
TEST(ShortForm, AdjustsTermFrequenciesOfExactMatchesOnly) {
  const nlohmann::ordered_json json{
      {"comparison", "NameComparison"}, {"column", "surname"}, {"term_frequency_adjustments", true}};
  const Comparison comparison = expand_comparison(json, "job.json", "comparisons[0]").ValueOrDie();
  ASSERT_EQ(comparison.levels.size(), 6U);
  EXPECT_EQ(comparison.levels[1].tf_adjustment_column, "surname");
  for (const size_t level : {0U, 2U, 3U, 4U, 5U}) EXPECT_EQ(comparison.levels[level].tf_adjustment_column, "") << level;
}

std::string error_of(const char* short_form) {
  return expand_comparison(Json::parse(short_form), "s.json", "comparisons[0]").status().message();
}

TEST(ShortForm, RefusesProbabilitiesThatAreNone) {
  EXPECT_THAT(error_of(R"({"comparison": "ExactMatch", "column": "a", "m_probabilities": [0.9, -3]})"),
              HasSubstr("s.json: comparisons[0].m_probabilities[1]: expected a probability between 0 and 1, found -3"));
  EXPECT_THAT(error_of(R"({"comparison": "ExactMatch", "column": "a", "u_probabilities": [7, 0.1]})"),
              HasSubstr("s.json: comparisons[0].u_probabilities[0]: expected a probability"));
}

TEST(ShortForm, RefusesMoreLevelsThanTheEngineHas) {
  Json json{{"comparison", "LevenshteinAtThresholds"}, {"column", "a"}};
  std::vector<int> thresholds(300);
  std::iota(thresholds.begin(), thresholds.end(), 1);
  json["thresholds"] = thresholds;
  EXPECT_THAT(expand_comparison(json, "s.json", "comparisons[0]").status().message(),
              HasSubstr("s.json: comparisons[0]: written out, comparison_levels: has 303 levels; the most is 250"));
}

TEST(ShortForm, EscapesQuotesOfNames) {
  const Comparison comparison =
      expand_comparison(Json{{"comparison", "ExactMatch"}, {"column", "x\"y"}}, "s.json", "").ValueOrDie();
  EXPECT_EQ(comparison.levels[1].sql_condition, R"("x""y_l" = "x""y_r")");
  const auto columns = Expression::parse(comparison.levels[1].sql_condition).ValueOrDie().columns();
  EXPECT_EQ(columns.at(0).name, "x\"y_l");
}

TEST(ShortForm, EscapesQuotesOfDateFormats) {
  const Comparison comparison =
      expand_comparison(Json{{"comparison", "DateOfBirthComparison"}, {"column", "dob"}, {"datetime_format", "%d '%y"}},
                        "s.json", "")
          .ValueOrDie();
  EXPECT_THAT(comparison.levels[3].sql_condition, HasSubstr("try_strptime(\"dob_l\", '%d ''%y')"));
}

}  // namespace
}  // namespace linkwright
