// Jobs on the Spark engine against the embedded engine, value by value. scripts/with-spark starts the server.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/embedded_engine.h"
#include "engine/test_folder.h"
#include "spark/linkage/live_tables.h"
#include "spark/linkage/packed_rows.h"
#include "spark/linkage/spark_engine.h"

namespace linkwright::spark {
namespace {

using Json = nlohmann::ordered_json;
using test::rows_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kSettings = R"({
  "link_type": "dedupe_only",
  "comparisons": [
    {"comparison": "NameComparison", "column": "first_name"},
    {"comparison": "ExactMatch", "column": "surname", "term_frequency_adjustments": true},
    {"comparison": "DateOfBirthComparison", "column": "dob", "input_is_string": true},
    {"comparison": "ExactMatch", "column": "city", "term_frequency_adjustments": true}],
  "blocking_rules_to_generate_predictions": [
    {"block_on": ["first_name", "surname"]}, "l.dob = r.dob AND l.city < r.city || 'z'", {"block_on": "email"}],
  "retain_intermediate_calculation_columns": true
})";

// What Spark SQL can tell of texts and dates, with a column that is adjusted on two levels.
constexpr const char* kSqlSettings = R"({
  "link_type": "dedupe_only",
  "comparisons": [
    {"output_column_name": "surname", "comparison_levels": [
      {"level": "NullLevel", "column": "surname"},
      {"sql_condition": "surname_l = surname_r", "tf_adjustment_column": "surname"},
      {"sql_condition": "levenshtein(surname_l, surname_r) <= 2", "tf_adjustment_column": "surname",
       "tf_adjustment_weight": 0.5, "tf_minimum_u_value": 0.01},
      {"level": "ElseLevel"}]},
    {"comparison": "LevenshteinAtThresholds", "column": "first_name"},
    {"comparison": "AbsoluteDateDifferenceAtThresholds", "column": "born", "input_is_string": false,
     "metrics": ["day", "year"], "thresholds": [3, 1]},
    {"comparison": "ExactMatch", "column": "city", "term_frequency_adjustments": true}],
  "blocking_rules_to_generate_predictions": ["l.dob = r.dob", "l.initial = r.initial AND l.city = r.city"]
})";

constexpr const char* kTraining = R"({
  "prior": {"rules": ["l.first_name = r.first_name AND l.surname = r.surname AND l.dob = r.dob"], "recall": 0.8},
  "u": {"method": "sample", "max_pairs": 200000, "seed": 3},
  "em": ["l.dob = r.dob", {"block_on": ["first_name", "surname"], "without_term_frequencies": true}]
})";

class SparkEngine : public linkwright::test::InFolder {
 protected:
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  Json job(const std::string& input) const {
    return {{"name", "test"},
            {"inputs", {{{"path", path(input)}}}},
            {"settings", Json::parse(kSettings)},
            {"training", Json::parse(kTraining)},
            {"predict", {{"threshold_match_weight", -5}}},
            {"cluster", {{"threshold_match_probability", {0.5, 0.95}}}}};
  }

  LinkageJob read_job(const Json& json, const std::string& output) const {
    LinkageJob read = LinkageJob::from_json(json, folder_.string(), "job.json").ValueOrDie();
    read.output.directory = path(output);
    return read;
  }

  Result<RunReport> on_spark(const Json& json, const std::string& output, int partitions, SparkOptions options = {},
                             const RunOptions& run = {}) const {
    options.connection.remote = std::getenv("SPARK_REMOTE");  // NOLINT(concurrency-mt-unsafe)
    if (options.kernel.empty()) options.kernel = LINKWRIGHT_KERNEL;
    options.partitions = partitions;
    return run_job_on_spark(read_job(json, output), options, run);
  }

  test::Table table(const std::string& output, const std::string& name) const {
    const std::string file = path(output + "/" + name);
    return test::read(std::filesystem::is_directory(file) ? file + "/*.parquet" : file);
  }

  static std::vector<std::string> stages(const Json& report) {
    std::vector<std::string> names;
    for (const Json& stage : report["stages"]) names.push_back(stage["stage"]);
    return names;
  }

  void expect_same_on_both_engines(const Json& json, int partitions, const SparkOptions& options = {}) const {
    const auto here = run_job(read_job(json, "here"), {});
    ASSERT_TRUE(here.ok()) << here.status();
    const auto there = on_spark(json, "there", partitions, options);
    ASSERT_TRUE(there.ok()) << there.status();
    EXPECT_EQ(there->engine, options.native == NativeUse::kNever ? "spark (SQL)" : "spark (native kernel)");
    EXPECT_EQ(there->records, here->records);
    EXPECT_EQ(there->compared_by_rule, here->compared_by_rule);
    EXPECT_EQ(there->predictions, here->predictions);
    EXPECT_EQ(there->clusters, here->clusters);
    ASSERT_GT(here->predictions, 0U);
    test::expect_same_model(path("there/model.json"), path("here/model.json"));
    for (const char* name : {"predictions.parquet", "clusters.parquet"}) {
      EXPECT_EQ(table("there", name)->ColumnNames(), table("here", name)->ColumnNames());
      EXPECT_EQ(rows_of(table("there", name)), rows_of(table("here", name)));
    }
  }
};

TEST_F(SparkEngine, TrainsPredictsAndClustersAsTheEmbeddedEngineForAnyNumberOfPartitions) {
  write_people(2'000);
  for (const int partitions : {1, 7}) expect_same_on_both_engines(job("people.parquet"), partitions);
}

TEST_F(SparkEngine, TellsTheTasksOfTheStageUnderWay) {
  write_people(500);
  Json json = job("people.parquet");
  json["training"] = {{"u", {{"max_pairs", 50'000}}}, {"m_from_label_column", "cluster"}};
  std::vector<std::string> told;
  RunOptions run;
  run.progress = [&](const ProgressUpdate& update) {
    if (update.unit == "tasks" && (told.empty() || told.back() != update.stage)) told.push_back(update.stage);
  };
  ASSERT_TRUE(on_spark(json, "there", 2, {}, run).ok());
  EXPECT_THAT(told, ElementsAre("read", "u", "m from labels", "predict", "cluster"));
}

TEST_F(SparkEngine, ShowsDerivedColumnsInClusters) {
  write_people(500);
  Json json = job("people.parquet");
  json.erase("training");
  json["derive"] = {{"initial", "upper(substr(first_name, 1, 1))"}, {"born", "try_strptime(dob, '%Y-%m-%d')"}};
  json["settings"]["blocking_rules_to_generate_predictions"] = {"l.initial = r.initial AND l.surname = r.surname",
                                                                "l.dob = r.dob"};
  json["predict"] = {{"threshold_match_weight", -20}};
  expect_same_on_both_engines(json, 3);
}

TEST_F(SparkEngine, RunsAsSparkSqlWithoutNativeCode) {
  write_people(500);
  Json json = job("people.parquet");
  json["settings"] = Json::parse(kSqlSettings);
  json["training"]["u"]["max_pairs"] = 50'000;
  json["derive"] = {{"initial", "upper(substr(first_name, 1, 1))"}, {"born", "try_strptime(dob, '%Y-%m-%d')"}};
  SparkOptions options;
  options.native = NativeUse::kNever;
  options.conf = {{"spark.sql.shuffle.partitions", "3"}, {"spark.sql.adaptive.coalescePartitions.enabled", "false"}};
  std::string told;
  options.tell = [&](const std::string& text) { told = text; };
  expect_same_on_both_engines(json, 2, options);
  EXPECT_THAT(told, HasSubstr("runs as Spark SQL, without native code: engine.spark.native is \"never\""));
  std::ifstream file(path("there/report.json"));
  const Json report = Json::parse(file);
  EXPECT_THAT(report["notes"][0].get<std::string>(), HasSubstr("engine.spark.native is \"never\""));
  EXPECT_EQ(report["engine"], "spark (SQL)");
  EXPECT_THAT(stages(report),
              ElementsAre("connect", "send kernel", "read", "prior", "u", "em", "em", "predict", "cluster"));
}

TEST_F(SparkEngine, RefusesWithoutNativeCodeWhatNeedsIt) {
  write_people(20);
  std::ofstream(path("broken.so")) << std::string(10'000, 'x');
  SparkOptions options;
  options.kernel = path("broken.so");
  options.native = NativeUse::kRequired;
  Json json = job("people.parquet");
  EXPECT_THAT(on_spark(json, "there", 2, options).status().message(), HasSubstr("invalid ELF header"));
  options.native = NativeUse::kAuto;
  const Status levels = on_spark(json, "there", 2, options).status();
  EXPECT_TRUE(levels.IsNotImplemented());
  EXPECT_THAT(levels.message(), HasSubstr("comparison 'first_name', level 'Jaro-Winkler"));
  EXPECT_FALSE(std::filesystem::exists(path("there")));
}

// One city of 9,000 makes 40 million pairs, which are cut into tiles for several partitions.
TEST_F(SparkEngine, CutsAHugeBlockOverPartitions) {
  constexpr int64_t kPeople = 9'000;
  std::ofstream people(path("people.csv"));
  people << "unique_id,name,city\n";
  for (int64_t i = 0; i < kPeople; ++i) people << i << ",n" << i % 3'000 << ",York\n";
  people.close();
  const Json json = {{"name", "huge"},
                     {"inputs", {{{"path", path("people.csv")}}}},
                     {"settings",
                      {{"link_type", "dedupe_only"},
                       {"comparisons", {{{"comparison", "ExactMatch"}, {"column", "name"}}}},
                       {"blocking_rules_to_generate_predictions", {"l.city = r.city"}}}},
                     {"predict", {{"threshold_match_weight", -12}}},
                     {"cluster", {{"threshold_match_weight", -12}}}};
  EXPECT_EQ(cut_blocks({{1, kPeople}, {2, 100}}, 4), (std::vector<std::pair<uint64_t, uint32_t>>{{1, 2}}));
  expect_same_on_both_engines(json, 4);
}

TEST_F(SparkEngine, RefusesNullAndRepeatedIds) {
  for (const auto& [ids, message] : std::vector<std::pair<std::string, std::string>>{
           {"a,x\nb,y\na,z\n", "column 'unique_id' must be unique, but a is in 2 records"},
           {"a,x\n,y\n,z\n", "column 'unique_id' is null in record 2 (counted over all inputs); every record needs"}}) {
    std::ofstream(path("ids.csv")) << "unique_id,first_name\n" << ids;
    Json json = job("ids.csv");
    json.erase("training");
    EXPECT_THAT(on_spark(json, "there", 2).status().message(), HasSubstr(message));
    EXPECT_FALSE(std::filesystem::exists(path("there"))) << "a run that fails leaves nothing";
  }
}

// Spark reads until the end of a run, and then its results take their names.
TEST_F(SparkEngine, KeepsAnInputThatLiesWhereItWouldWrite) {
  std::filesystem::create_directories(path("there/clusters.parquet"));
  write_people(20);
  std::filesystem::rename(path("people.parquet"), path("there/predictions.parquet"));
  std::filesystem::copy(path("there/predictions.parquet"), path("there/clusters.parquet/part-0.parquet"));
  std::ofstream(path("there/clusters.parquet/_SUCCESS")).close();
  for (const char* input :
       {"there/predictions.parquet", "there/clusters.parquet", "there/clusters.parquet/*.parquet"}) {
    Json json = job(input);
    json.erase("training");
    EXPECT_THAT(on_spark(json, "there", 2).status().message(), HasSubstr("is an input and would be written over"));
    EXPECT_EQ(on_spark(json, "elsewhere", 2).ValueOrDie().records, 20U) << input;
  }
}

TEST_F(SparkEngine, RefusesRepeatedIdsOfRecordsThatNeverMeet) {
  std::ofstream(path("ids.csv")) << "unique_id,name,city\na,x,York\nb,y,Bath\na,z,Leeds\n";
  Json json = job("ids.csv");
  json.erase("training");
  json["settings"] = {{"link_type", "dedupe_only"},
                      {"comparisons", {{{"comparison", "ExactMatch"}, {"column", "name"}}}},
                      {"blocking_rules_to_generate_predictions", {"l.city = r.city"}}};
  EXPECT_THAT(on_spark(json, "there", 5).status().message(),
              HasSubstr("column 'unique_id' must be unique, but a is in 2 records"));
  EXPECT_FALSE(std::filesystem::exists(path("there")));
}

TEST_F(SparkEngine, TellsWhatIsWrongWithAModelInItsOwnWords) {
  write_people(100);
  Json json = job("people.parquet");
  json["settings"]["comparisons"][0]["column"] = "frist_name";
  const std::string here = run_job(read_job(json, "here"), {}).status().message();
  EXPECT_THAT(here, HasSubstr("first_name"));
  const std::string there = on_spark(json, "there", 2).status().message();
  EXPECT_THAT(there, HasSubstr("first_name"));
  EXPECT_THAT(there, ::testing::Not(HasSubstr("Traceback")));
}

}  // namespace
}  // namespace linkwright::spark
