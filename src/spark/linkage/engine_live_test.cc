// Jobs on the Spark engine against the embedded engine, value by value. scripts/with-spark starts the server.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/embedded_engine.h"
#include "engine/test_folder.h"
#include "spark/linkage/live_tables.h"
#include "spark/linkage/spark_engine.h"

namespace linkwright::spark {
namespace {

using Json = nlohmann::ordered_json;
using test::rows_of;
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

  Result<RunReport> on_spark(const Json& json, const std::string& output, int partitions) const {
    SparkOptions options;
    options.connection.remote = std::getenv("SPARK_REMOTE");  // NOLINT(concurrency-mt-unsafe)
    options.kernel = LINKWRIGHT_KERNEL;
    options.partitions = partitions;
    return run_job_on_spark(read_job(json, output), options, {});
  }

  test::Table table(const std::string& output, const std::string& name) const {
    const std::string file = path(output + "/" + name);
    return test::read(std::filesystem::is_directory(file) ? file + "/*.parquet" : file);
  }

  void expect_same_on_both_engines(const Json& json, int partitions) const {
    const auto here = run_job(read_job(json, "here"), {});
    ASSERT_TRUE(here.ok()) << here.status();
    const auto there = on_spark(json, "there", partitions);
    ASSERT_TRUE(there.ok()) << there.status();
    EXPECT_EQ(there->records, here->records);
    EXPECT_EQ(there->compared_by_rule, here->compared_by_rule);
    EXPECT_EQ(there->predictions, here->predictions);
    EXPECT_EQ(there->clusters, here->clusters);
    ASSERT_GT(here->predictions, 0U);
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

TEST_F(SparkEngine, RefusesNullAndRepeatedIds) {
  for (const auto& [ids, message] : std::vector<std::pair<std::string, std::string>>{
           {"a,x\nb,y\na,z\n", "column 'unique_id' must be unique, but a is in 2 records"},
           {"a,x\n,y\nc,z\n", "column 'unique_id' is null in 1 records"}}) {
    std::ofstream(path("ids.csv")) << "unique_id,first_name\n" << ids;
    Json json = job("ids.csv");
    json.erase("training");
    EXPECT_THAT(on_spark(json, "there", 2).status().message(), HasSubstr(message));
    EXPECT_FALSE(std::filesystem::exists(path("there"))) << "a run that fails leaves nothing";
  }
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
