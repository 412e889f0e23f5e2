#include "model/comparison_library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <numeric>

#include "expr/expression.h"
#include "model/comparison_levels.h"
#include "model/json_reader.h"
#include "model/linkage_model.h"

namespace linkwright {
namespace {

using testing::HasSubstr;
using Json = nlohmann::ordered_json;

// What Splink 5.0.0 makes of the same calls (tests/oracle/comparison_library_cases.py).
Json splink_cases() {
  return read_json_file(std::string(LINKWRIGHT_SOURCE_DIR) + "/tests/fixtures/comparison_library.json").ValueOrDie();
}

TEST(ComparisonLibrary, WritesWhatSplinkWrites) {
  for (const Json& entry : splink_cases()) {
    const Json& json = entry["case"];
    const Json& expected = entry["splink"];
    if (json.contains("block_on")) continue;
    const auto comparison = read_comparison(json, "s.json", "comparisons[0]");
    ASSERT_EQ(comparison.ok(), !expected.contains("error")) << json << '\n' << comparison.status();
    if (!comparison.ok()) continue;
    LinkageModel model;
    model.comparisons = {*comparison};
    // Without the order of keys.
    EXPECT_EQ(nlohmann::json(model.to_json()["comparisons"][0]), nlohmann::json(expected)) << json;
  }
}

TEST(ComparisonLibrary, HasACaseForEveryClass) {
  std::string names;
  for (const Json& entry : splink_cases()) names += entry["case"].dump();
  for (const std::string& name : comparison_templates()) EXPECT_THAT(names, HasSubstr("\"" + name + "\""));
  for (const std::string& name : level_names()) EXPECT_THAT(names, HasSubstr("\"" + name + "\""));
}

TEST(ComparisonLibrary, ReadsBackWhatItWrites) {
  for (const Json& entry : splink_cases()) {
    if (entry["case"].contains("block_on") || entry["splink"].contains("error")) continue;
    LinkageModel model;
    model.comparisons = {read_comparison(entry["case"], "s.json", "").ValueOrDie()};
    const Json written = model.to_json();
    EXPECT_EQ(LinkageModel::from_json(written, "x").ValueOrDie().to_json(), written) << entry["case"];
  }
}

TEST(BlockOn, WritesWhatSplinkWrites) {
  for (const Json& entry : splink_cases()) {
    if (!entry["case"].contains("block_on")) continue;
    const auto sql = block_on_sql(entry["case"]["block_on"], "s.json", "block_on");
    ASSERT_EQ(sql.ok(), !entry["splink"].contains("error")) << entry << '\n' << sql.status();
    if (!sql.ok()) continue;
    EXPECT_EQ(*sql, entry["splink"]["blocking_rule"].get<std::string>()) << entry["case"];
  }
}

struct Refused {
  const char* keys;
  const char* message;

  friend std::ostream& operator<<(std::ostream& out, const Refused& refused) { return out << refused.keys; }
};
class BlockOnRefuses : public testing::TestWithParam<Refused> {};
INSTANTIATE_TEST_SUITE_P(
    Keys, BlockOnRefuses,
    testing::Values(Refused{"[]", "rules[0].block_on: expected at least one column"},
                    Refused{R"j(["a", "lower('x')"])j", "rules[0].block_on[1]: 'lower('x')' reads no column"},
                    Refused{R"j(["lowr(a)"])j", "did you mean 'lower'?"},
                    Refused{R"j(["lower(l.a)"])j", "'l.a' names a record of a pair; write the column alone"},
                    Refused{R"(["a", 5])", "rules[0].block_on[1]: expected a column"},
                    Refused{R"([" "])", "expected the name of a column"}));

TEST_P(BlockOnRefuses, WithThePlaceAndTheRemedy) {
  EXPECT_THAT(block_on_sql(Json::parse(GetParam().keys), "job.json", "rules[0].block_on").status().message(),
              HasSubstr(GetParam().message));
}

TEST(ComparisonLibrary, NamesTheNearestTemplate) {
  const auto comparison =
      read_comparison(Json::parse(R"({"comparison": "NameComparision", "column": "fn"})"), "x", "comparisons[0]");
  EXPECT_THAT(comparison.status().message(), HasSubstr("did you mean 'NameComparison'?"));
}

// Found when a job was first proposed: the ELSE level was taken for a condition and ended the program.
TEST(ShortForm, AdjustsTermFrequenciesOfExactMatchesOnly) {
  const nlohmann::ordered_json json{
      {"comparison", "NameComparison"}, {"column", "surname"}, {"term_frequency_adjustments", true}};
  const Comparison comparison = read_comparison(json, "job.json", "comparisons[0]").ValueOrDie();
  ASSERT_EQ(comparison.levels.size(), 6U);
  EXPECT_EQ(comparison.levels[1].tf_adjustment_column, "surname");
  for (const size_t level : {0U, 2U, 3U, 4U, 5U}) EXPECT_EQ(comparison.levels[level].tf_adjustment_column, "") << level;
}

std::string error_of(const char* short_form) {
  return read_comparison(Json::parse(short_form), "s.json", "comparisons[0]").status().message();
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
  EXPECT_THAT(read_comparison(json, "s.json", "comparisons[0]").status().message(),
              HasSubstr("s.json: comparisons[0]: written out, comparison_levels: has 303 levels; the most is 250"));
}

class ShortFormMistakes : public testing::TestWithParam<Refused> {};
INSTANTIATE_TEST_SUITE_P(
    Comparisons, ShortFormMistakes,
    testing::Values(
        Refused{R"({"comparison": "ExactMatch"})", "comparisons[0].column: is missing; expected a column"},
        Refused{R"({"comparison": "ExactMatch", "column": "a", "col_name": "a"})", "col_name: is given beside"},
        Refused{R"({"comparison": "ExactMatch", "column": "a", "threshold": 1})",
                "comparisons[0].threshold: unknown key"},
        Refused{R"({"comparison": "ExactMatch", "column": "a[b]"})", "whole number or a 'key' between the brackets"},
        Refused{R"({"comparison": "ExactMatch", "column": {"column": "a", "transforms": ["lowr"]}})",
                "comparisons[0].column.transforms[0]: 'lowr' is no transform; did you mean 'lower'?"},
        Refused{R"({"comparison": "ExactMatch", "column": {"column": "a", "transforms": [{"substr": ["x"]}]}})",
                "comparisons[0].column.transforms[0].substr: expected a whole number for start"},
        Refused{R"({"comparison": "JaroAtThresholds", "column": "a", "thresholds": [0.9, 1.5]})",
                "comparisons[0].thresholds[1]: expected a number between 0 and 1, found 1.5"},
        Refused{
            R"({"comparison": "DistanceFunctionAtThresholds", "column": "a", "distance_function_name": "hammin",
                    "thresholds": 1})",
            "did you mean 'hamming'?"},
        Refused{R"({"comparison": "DateOfBirthComparison", "column": "a", "datetime_metrics": ["day"]})",
                "comparisons[0].datetime_thresholds: has 3 thresholds, and datetime_metrics has 1"},
        Refused{R"({"comparison": "AbsoluteDateDifferenceAtThresholds", "column": "a", "thresholds": 1,
                    "metrics": "dy"})",
                "comparisons[0].metrics: 'dy' is no unit; did you mean 'day'?"},
        Refused{R"({"comparison": "AbsoluteDateDifferenceAtThresholds", "column": "a", "metrics": "day",
                    "thresholds": 1000000000000000000})",
                "comparisons[0].thresholds: 1000000000000000000 days are too many"},
        Refused{R"({"comparison": "PostcodeComparison", "column": "a", "lat_col": "y"})",
                "comparisons[0].long_col: is missing"},
        Refused{R"({"comparison_levels": [{"level": "JaroLevl", "column": "a"}]})",
                "comparisons[0].comparison_levels[0].level: 'JaroLevl' is no comparison level; did you mean "
                "'JaroLevel'?"},
        Refused{R"({"comparison_levels": [{"level": "And", "comparison_levels": [{"level": "NullLevel"}]}]})",
                "comparisons[0].comparison_levels[0].comparison_levels[0].column: is missing"},
        Refused{R"({"comparison_levels": [{"level": "Not", "comparison_level": {"sql_condition": "a_l = a_r",
                    "m_probability": 0.5}}]})",
                "comparisons[0].comparison_levels[0].comparison_level.m_probability: unknown key"},
        Refused{R"({"comparison_levels": [{"level": "LiteralMatchLevel", "column": "a", "literal_datatype": "int",
                    "literal_value": "1) or (1"}]})",
                "comparisons[0].comparison_levels[0].literal_value: expected a number"}));

TEST_P(ShortFormMistakes, AreNamedWithTheirPlace) {
  EXPECT_THAT(error_of(GetParam().keys), HasSubstr(GetParam().message));
}

TEST(ShortForm, TakesLevelsOfBothFormsInOneComparison) {
  const Comparison comparison = read_comparison(Json::parse(R"({"output_column_name": "name", "comparison_levels": [
          {"level": "NullLevel", "column": "a"}, {"sql_condition": "a_l = a_r"}, {"level": "ElseLevel"}]})"),
                                                "s.json", "comparisons[0]")
                                    .ValueOrDie();
  EXPECT_EQ(comparison.levels[0].sql_condition, R"("a_l" IS NULL OR "a_r" IS NULL)");
  EXPECT_TRUE(comparison.levels[0].is_null_level);
  EXPECT_EQ(comparison.levels[1].sql_condition, "a_l = a_r");
}

TEST(ShortForm, EscapesQuotesOfNames) {
  const Comparison comparison =
      read_comparison(Json{{"comparison", "ExactMatch"}, {"column", "x\"y"}}, "s.json", "").ValueOrDie();
  EXPECT_EQ(comparison.levels[1].sql_condition, R"("x""y_l" = "x""y_r")");
  const auto columns = Expression::parse(comparison.levels[1].sql_condition).ValueOrDie().columns();
  EXPECT_EQ(columns.at(0).name, "x\"y_l");
}

TEST(ShortForm, TakesAnyNameInQuotesForAColumn) {
  for (const std::string name : {"Phone (home)", "x || y", "city [1]", " x ", "q\"t"}) {
    std::string in_quotes = name;
    if (const size_t quote = name.find('"'); quote != std::string::npos) in_quotes.insert(quote, 1, '"');
    const Comparison comparison =
        read_comparison(Json{{"comparison", "NameComparison"}, {"column", '"' + in_quotes + '"'}}, "s.json", "")
            .ValueOrDie();
    const auto columns = Expression::parse(comparison.levels[1].sql_condition).ValueOrDie().columns();
    EXPECT_EQ(columns.at(0).name, name + "_l");
    EXPECT_EQ(comparison.levels[1].tf_adjustment_column, name);
  }
}

TEST(ShortForm, EscapesQuotesOfDateFormats) {
  const Comparison comparison =
      read_comparison(Json{{"comparison", "DateOfBirthComparison"}, {"column", "dob"}, {"datetime_format", "%d '%y"}},
                      "s.json", "")
          .ValueOrDie();
  EXPECT_THAT(comparison.levels[3].sql_condition, HasSubstr("try_strptime(\"dob_l\", '%d ''%y')"));
}

}  // namespace
}  // namespace linkwright
