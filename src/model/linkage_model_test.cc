#include "model/linkage_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "model/comparison_library.h"
#include "model/json_reader.h"
#include "model/linkage_job.h"

namespace linkwright {
namespace {

using testing::HasSubstr;
using Json = nlohmann::ordered_json;

constexpr const char* kSettings = R"({
  "link_type": "dedupe_only",
  "comparisons": [
    {"output_column_name": "name", "comparison_levels": [
      {"sql_condition": "\"name_l\" IS NULL OR \"name_r\" IS NULL", "is_null_level": true},
      {"sql_condition": "\"name_l\" = \"name_r\"", "m_probability": 0.9, "u_probability": 0.1, "tf_adjustment_column": "name"},
      {"sql_condition": "ELSE"}]}],
  "blocking_rules_to_generate_predictions": ["l.name = r.name", {"blocking_rule": "l.dob = r.dob", "sql_dialect": "duckdb"}]
})";

std::string error_of(const std::string& from, const std::string& to) {
  std::string text = kSettings;
  text.replace(text.find(from), from.size(), to);
  const auto json = parse_json(text, "settings.json");
  return json.ok() ? LinkageModel::from_json(*json, "settings.json").status().message() : json.status().message();
}

LinkageModel sample() { return LinkageModel::from_json(parse_json(kSettings, "x").ValueOrDie(), "x").ValueOrDie(); }

TEST(LinkageModel, TakesSplinksDefaultsForWhatIsMissing) {
  const LinkageModel model = sample();
  EXPECT_EQ(model.probability_two_random_records_match, 0.0001);
  EXPECT_EQ(model.unique_id_column_name, "unique_id");
  EXPECT_EQ(model.max_iterations, 25);
  EXPECT_TRUE(model.retain_matching_columns);
}

TEST(LinkageModel, NumbersGammasDownFromTheFirstLevel) {
  const Comparison comparison = sample().comparisons[0];
  EXPECT_EQ(comparison.gamma(0), -1);
  EXPECT_EQ(comparison.gamma(1), 1);
  EXPECT_EQ(comparison.gamma(2), 0);
}

TEST(LinkageModel, ReadsBackWhatItWrites) {
  const Json written = sample().to_json();
  EXPECT_EQ(LinkageModel::from_json(written, "x").ValueOrDie().to_json(), written);
}

TEST(LinkageModel, ReadsSplinkFoursModels) {
  std::string text = kSettings;
  text.replace(1, 0, "\"bayes_factor_column_prefix\": \"bf_\",");
  EXPECT_TRUE(LinkageModel::from_json(parse_json(text, "x").ValueOrDie(), "x").ok());
}

struct ErrorCase {
  const char* from;
  const char* to;
  const char* message;
};
class Mistakes : public testing::TestWithParam<ErrorCase> {};
INSTANTIATE_TEST_SUITE_P(
    Settings, Mistakes,
    testing::Values(ErrorCase{"\"link_type\"", "\"link_typ\"", "link_type: is missing"},
                    ErrorCase{"dedupe_only", "dedup_only", "did you mean 'dedupe_only'?"},
                    ErrorCase{"output_column_name", "output_colum_name", "did you mean 'output_column_name'?"},
                    ErrorCase{"0.9", "1.9",
                              "comparisons[0].comparison_levels[1].m_probability: expected a probability"},
                    ErrorCase{"0.9", "1e999", "settings.json: not usable JSON"},
                    ErrorCase{"0.9", "\"x\"", "comparisons[0].comparison_levels[1].m_probability: expected a number"},
                    ErrorCase{"l.name = r.name", "l.name = ", "blocking_rules_to_generate_predictions[0]"},
                    ErrorCase{"dedupe_only\",", "dedupe_only\"", "settings.json:3:15: not valid JSON"}));

TEST_P(Mistakes, AreNamedWithTheirPlace) {
  EXPECT_THAT(error_of(GetParam().from, GetParam().to), HasSubstr(GetParam().message));
}

// Splink 5.0.0, _default_m_values and _default_u_values for four levels.
TEST(DefaultProbabilities, AreSplinks) {
  EXPECT_DOUBLE_EQ(default_m_probability(3, 4), 0.95);
  EXPECT_DOUBLE_EQ(default_m_probability(0, 4), (1 - 0.95) / 3);
  EXPECT_DOUBLE_EQ(default_u_probability(3, 4), 0.95 / 1024);
  EXPECT_DOUBLE_EQ(default_u_probability(0, 4), (1 - 0.95) / 3 * 32);
  EXPECT_DOUBLE_EQ(default_u_probability(1, 4), (1 - 0.95) / 3 * 2);
  EXPECT_DOUBLE_EQ(default_u_probability(0, 2), (1 - 0.95) * 32);
}

TEST(LinkageJob, RefusesSeveralInputsToDedupe) {
  Json json = {{"inputs", {"a.csv", "b.csv"}}, {"settings", Json::parse(kSettings)}};
  EXPECT_THAT(LinkageJob::from_json(json, ".", "job.json").status().message(),
              HasSubstr("link_only or link_and_dedupe"));
}

TEST(LinkageJob, ReadsBackWhatItWrites) {
  const Json json = {{"name", "x"},
                     {"inputs", {"/data/a.csv"}},
                     {"settings", Json::parse(kSettings)},
                     {"training", {{"u", {{"method", "all_pairs"}}}, {"em", {{{"rule", "l.dob = r.dob"}}}}}},
                     {"predict", {{"threshold_match_weight", 2.5}}},
                     {"cluster", {{"threshold_match_probability", {0.5, 0.95}}}},
                     {"engine", {{"memory_limit", "2GB"}}}};
  const Json written = LinkageJob::from_json(json, "/data", "job.json").ValueOrDie().to_json();
  EXPECT_EQ(LinkageJob::from_json(written, "/data", "job.json").ValueOrDie().to_json(), written);
}

TEST(LinkageJob, ReadsTheSharedJobs) {
  const std::filesystem::path folder = std::filesystem::path(LINKWRIGHT_SOURCE_DIR) / ".." / "shared" / "jobs";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no shared jobs beside this clone";
  for (const char* name : {"fake_1000.full", "febrl4.full", "exact_fake.full", "historical_50k", "people"}) {
    const auto job = LinkageJob::from_file((folder / (std::string(name) + ".json")).string());
    EXPECT_TRUE(job.ok()) << job.status();
  }
}

}  // namespace
}  // namespace linkwright
