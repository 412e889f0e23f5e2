#include "model/linkage_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

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

// As live Splink 5.0.0 names them.
TEST(LinkageModel, NamesTheColumnsOfPredictionsAsSplink) {
  LinkageModel model = sample();
  model.comparisons[0].output_column_name = "first name";
  model.term_frequency_adjustment_column_prefix = "freq_";
  EXPECT_EQ(model.gamma_column(model.comparisons[0]), "gamma_first_name");
  EXPECT_EQ(model.match_weight_column(model.comparisons[0]), "mw_first_name");
  EXPECT_EQ(model.term_frequency_adjustment_column(model.comparisons[0]), "mw_freq_adj_first_name");
}

TEST(LinkageModel, RefusesComparisonsWhoseColumnsHaveOneName) {
  LinkageModel model = sample();
  model.comparisons.push_back(model.comparisons[0]);
  model.comparisons[0].output_column_name = "first name";
  model.comparisons[1].output_column_name = "first_name";
  EXPECT_THAT(LinkageModel::from_json(model.to_json(), "s.json").status().message(),
              HasSubstr("comparisons[1].output_column_name: 'first_name' names the columns of another comparison"));
}

TEST(LinkageModel, ReadsBackWhatItWrites) {
  const Json written = sample().to_json();
  EXPECT_EQ(LinkageModel::from_json(written, "x").ValueOrDie().to_json(), written);
}

TEST(LinkageModel, ReadsModelsOfSplinksOtherBackends) {
  for (const char* dialect : {"spark", "postgres", "sqlite", "athena"}) {
    Json json = parse_json(kSettings, "x").ValueOrDie();
    json["sql_dialect"] = dialect;
    json["blocking_rules_to_generate_predictions"][1]["sql_dialect"] = dialect;
    EXPECT_EQ(LinkageModel::from_json(json, "model.json").ValueOrDie().sql_dialect, dialect);
  }
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

  friend std::ostream& operator<<(std::ostream& out, const ErrorCase& mistake) {
    return out << mistake.to << " for " << mistake.from;
  }
};
class Mistakes : public testing::TestWithParam<ErrorCase> {};
INSTANTIATE_TEST_SUITE_P(
    Settings, Mistakes,
    testing::Values(
        ErrorCase{"\"link_type\"", "\"link_typ\"", "link_type: is missing"},
        ErrorCase{"dedupe_only", "dedup_only", "did you mean 'dedupe_only'?"},
        ErrorCase{"output_column_name", "output_colum_name", "did you mean 'output_column_name'?"},
        ErrorCase{"0.9", "1.9", "comparisons[0].comparison_levels[1].m_probability: expected a probability"},
        ErrorCase{"0.9", "1e999", "settings.json: not usable JSON"},
        ErrorCase{"0.9", "\"x\"", "comparisons[0].comparison_levels[1].m_probability: expected a number"},
        ErrorCase{"l.name = r.name", "l.name = ", "blocking_rules_to_generate_predictions[0]"},
        ErrorCase{"\"blocking_rule\": \"l.dob = r.dob\"", "\"blockon\": [\"dob\"]",
                  "predictions[1].blockon: unknown key; did you mean 'block_on'?"},
        ErrorCase{"\"blocking_rule\": ", "\"block_on\": [\"dob\"], \"blocking_rule\": ",
                  "predictions[1].block_on: stands beside blocking_rule"},
        ErrorCase{"dedupe_only\",", "dedupe_only\"", "settings.json:3:15: not valid JSON"},
        ErrorCase{"0.9", "0.9, \"tf_adjustment_weight\": -1",
                  "comparisons[0].comparison_levels[1].tf_adjustment_weight: expected a number of 0 or more"},
        ErrorCase{"0.9", "0.9, \"tf_minimum_u_value\": 5",
                  "comparison_levels[1].tf_minimum_u_value: expected a probability"},
        ErrorCase{R"(\"name_l\" IS NULL OR \"name_r\" IS NULL)", "ELSE",
                  "comparisons[0].comparison_levels[0]: no pair comes to the levels after ELSE"},
        ErrorCase{": \"name\", \"comparison_levels", ": \"\", \"comparison_levels",
                  "comparisons[0].output_column_name: is empty"},
        ErrorCase{"\"link_type\"", "\"em_convergence\": -1, \"link_type\"",
                  "em_convergence: expected a number of 0 or more"},
        ErrorCase{"\"link_type\"", "\"max_iterations\": 2.7, \"link_type\"",
                  "max_iterations: expected a whole number from 1 to 1000000, found 2.7"},
        ErrorCase{"\"link_type\"", "\"unique_id_column_name\": \"\", \"link_type\"", "unique_id_column_name: is empty"},
        ErrorCase{"\"link_type\"", "\"additional_columns_to_retain\": [\"\"], \"link_type\"",
                  "additional_columns_to_retain: expected names, found an empty text"},
        ErrorCase{"\"link_type\"", "\"link_type\": \"link_only\", \"link_type\"",
                  "settings.json: key \"link_type\" is given twice"}));

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

TEST(JsonText, MustBeUtf8) {
  const std::string message = parse_json("{\"a\":\n \"M\xFCller\"}", "job.json").status().message();
  EXPECT_EQ(message, "job.json:2:4: not valid UTF-8: byte 0xFC; save the file as UTF-8");
  for (const char* text : {"\xC0\xAF", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE2\x82", "\xE0\x9F\xBF", "\x80"}) {
    EXPECT_THAT(parse_json(text, "job.json").status().message(), HasSubstr("job.json:1:1: not valid UTF-8")) << text;
  }
  EXPECT_EQ(parse_json("\"\u00e9 \u65e5 \U0001F600\"", "job.json").ValueOrDie().get<std::string>().size(), 11U);
}

// Found by settings_fuzz: the parser stops at the first byte of a character, and its message did, too.
TEST(JsonText, IsRefusedWithoutCuttingCharacters) {
  EXPECT_THAT(parse_json("[\u00e9]", "job.json").status().message(), HasSubstr("last read: '[\uFFFD'"));
}

TEST(JsonText, MustNotBeNestedWithoutEnd) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_EQ(parse_json(deep, "job.json").status().message(), "job.json:1:201: nested more than 200 levels deep");
  EXPECT_TRUE(parse_json("\"" + std::string(1000, '[') + "\"", "job.json").ok());
  EXPECT_TRUE(parse_json(R"(["\\", "\"[", []])", "job.json").ok());
}

TEST(JsonText, IsShownInPartWhereItIsLong) {
  const std::string text = shown(Json(std::string(1000, 'x')));
  EXPECT_EQ(text.size(), 203U);
  EXPECT_EQ(shown(Json("\xFF")), "\"\xEF\xBF\xBD\"");
}

Json job_json() { return {{"inputs", {"/data/a.csv"}}, {"settings", Json::parse(kSettings)}}; }

struct JobCase {
  const char* key;
  const char* value;
  const char* message;

  friend std::ostream& operator<<(std::ostream& out, const JobCase& mistake) {
    return out << mistake.key << ": " << mistake.value;
  }
};
class JobMistakes : public testing::TestWithParam<JobCase> {};
INSTANTIATE_TEST_SUITE_P(
    Jobs, JobMistakes,
    testing::Values(
        JobCase{"training", R"({"em": ["l.n = = r.n"]})", "job.json: training.em[0]: "},
        JobCase{"training", R"({"em": [{"rule": "l.n ="}]})", "job.json: training.em[0].rule: "},
        JobCase{"training", R"({"em": [{"block_on": ["n", ""]}]})", "job.json: training.em[0].block_on[1]: "},
        JobCase{"training", R"({"em": [{"rule": "l.n = r.n", "fix_m_probabilities": true}]})",
                "job.json: training.em[0].fix_m_probabilities: with u fixed as well there is nothing to estimate"},
        JobCase{"training", R"({"prior": {"rules": ["l.n = r.n", "l.n ="]}})", "job.json: training.prior.rules[1]: "},
        JobCase{"training", R"({"prior": {"rules": "l.n ="}})", "job.json: training.prior.rules: "},
        JobCase{"training", R"({"prior": {"rules": []}})", "job.json: training.prior.rules: is missing"},
        JobCase{"training", R"({"u": {"seed": 2.5}})", "job.json: training.u.seed: expected a whole number"},
        JobCase{"training", R"({"m_from_label_column": ""})", "job.json: training.m_from_label_column: is empty"},
        JobCase{"derive", R"({"full": "a ||"})", "job.json: derive.full: "},
        JobCase{"derive", R"({"": "a"})", "job.json: derive: has an empty key"},
        JobCase{"inputs", R"([{"path": "a.csv", "name": ""}])", "job.json: inputs[0].name: is empty"},
        JobCase{"inputs", R"([""])", "job.json: inputs[0]: is empty; expected a path"},
        JobCase{"inputs", R"([{"path": ["a.csv", ""]}])", "job.json: inputs[0].path: expected names"},
        JobCase{"inputs", R"([{"path": "a", "table": "b"}])", "job.json: inputs[0].table: stands beside a path"},
        JobCase{"inputs", R"([{"table": "b", "format": "delta"}])",
                "job.json: inputs[0].format: stands beside a table"},
        JobCase{"inputs", R"([{"path": "a.parquet", "version": 3}])", "job.json: inputs[0].version: is for tables"},
        JobCase{"inputs", R"([{"table": "a", "version": -1}])", "job.json: inputs[0].version: expected a whole number"},
        JobCase{"training", R"({"m_from_pairwise_labels": {"table": "a"}})",
                "job.json: training.m_from_pairwise_labels: expected a file"},
        JobCase{"cluster", R"({"threshold_match_weight": []})",
                "job.json: cluster.threshold_match_weight: is an empty list"},
        JobCase{"engine", R"({"threads": 2.5})", "job.json: engine.threads: expected a whole number from 0 to 4096"},
        JobCase{"engine", R"({"spark": "sc://host"})", "job.json: engine.spark: expected an object"}));

TEST_P(JobMistakes, AreNamedWithTheirPlace) {
  Json json = job_json();
  json[GetParam().key] = Json::parse(GetParam().value);
  EXPECT_THAT(LinkageJob::from_json(json, "/data", "job.json").status().message(), HasSubstr(GetParam().message));
}

TEST(LinkageJob, KeepsWhatOtherEnginesRead) {
  Json json = job_json();
  json["engine"] = {{"kind", "spark"}, {"spark", {{"remote", "sc://host:15002"}, {"partitions", 8}}}};
  const Json written = LinkageJob::from_json(json, "/data", "job.json").ValueOrDie().to_json();
  EXPECT_EQ(written["engine"]["spark"], json["engine"]["spark"]);
  EXPECT_EQ(LinkageJob::from_json(written, "/data", "job.json").ValueOrDie().to_json(), written);
}

TEST(LinkageJob, TakesTablesAndFoldersOfACluster) {
  Json json = job_json();
  json["inputs"] = Json::parse(R"([{"table": "main.crm.people", "version": 3}])");
  LinkageJob job = LinkageJob::from_json(json, "/data", "job.json").ValueOrDie();
  EXPECT_EQ(job.inputs[0].table, "main.crm.people");
  EXPECT_EQ(job.inputs[0].name, "people");
  EXPECT_EQ(job.inputs[0].version, 3);
  EXPECT_EQ(LinkageJob::from_json(job.to_json(), "/", "job.json").ValueOrDie().to_json(), job.to_json());
  json["inputs"] =
      Json::parse(R"([{"path": ["s3://bucket/people", "dbfs:/people", "near/by:/x"], "format": "delta"}])");
  job = LinkageJob::from_json(json, "/data", "job.json").ValueOrDie();
  EXPECT_THAT(job.inputs[0].paths, testing::ElementsAre("s3://bucket/people", "dbfs:/people", "/data/near/by:/x"));
  EXPECT_EQ(LinkageJob::from_json(job.to_json(), "/", "job.json").ValueOrDie().to_json(), job.to_json());
}

TEST(LinkageJob, KeepsHowLabelledPairsAreRead) {
  Json json = job_json();
  json["training"]["m_from_pairwise_labels"] = {
      {"path", "labels.csv"}, {"name", "clerical"}, {"types", {{"unique_id_l", "text"}}}};
  const Json written = LinkageJob::from_json(json, "/data", "job.json").ValueOrDie().to_json();
  const Json& labels = written["training"]["m_from_pairwise_labels"];
  EXPECT_EQ(labels["path"], "/data/labels.csv");
  EXPECT_EQ(labels["name"], "clerical");
  EXPECT_EQ(labels["types"], Json({{"unique_id_l", "text"}}));
}

TEST(LinkageJob, TakesRulesOfThePriorInShortForm) {
  Json json = job_json();
  json["training"]["prior"] = {{"rules", {"l.a = r.a", {{"block_on", {"first name"}}}}}, {"recall", 0.5}};
  const LinkageJob job = LinkageJob::from_json(json, "/data", "job.json").ValueOrDie();
  EXPECT_EQ(job.training.prior->rules.at(1), R"(l."first name" = r."first name")");
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
