#include "engine/embedded_engine.h"

#include <arrow/array.h>
#include <arrow/table.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "engine/test_folder.h"
#include "engine/test_people_job.h"
#include "io/table_reader.h"

namespace linkwright {
namespace {

using Json = nlohmann::ordered_json;
using testing::HasSubstr;

constexpr uint64_t kPeople = 3000;
constexpr double kThreshold = 0.2;

// A folder of its own for every test, with people in it.
class EmbeddedEngine : public test::InFolder {
 protected:
  void SetUp() override {
    InFolder::SetUp();
    write_people(kPeople);
  }

  static Json job() {
    Json settings = test::people_settings();
    const Json postcode = {
        {"comparison", "LevenshteinAtThresholds"}, {"column", "postcode"}, {"thresholds", Json::array({1, 2})}};
    settings["comparisons"].insert(settings["comparisons"].end() - 1, postcode);
    return {{"inputs", Json::array({"people.parquet"})},
            {"settings", settings},
            {"training",
             {{"prior", {{"rules", {"l.email = r.email"}}, {"recall", 0.6}}},
              {"u", {{"method", "sample"}, {"max_pairs", 1e6}, {"seed", 1}}},
              {"em", {{{"rule", "l.surname = r.surname"}}, {{"rule", "l.dob = r.dob"}}}}}},
            {"predict", {{"threshold_match_probability", kThreshold}}},
            {"cluster", {{"threshold_match_probability", 0.9}}}};
  }

  Result<RunReport> run(Json json, const std::string& output, const Cancellation* cancellation = nullptr) {
    json["output"]["dir"] = (folder_ / output).string();
    ARROW_ASSIGN_OR_RAISE(const LinkageJob job, LinkageJob::from_json(json, folder_.string(), "job.json"));
    RunOptions options;
    options.cancellation = cancellation;
    return run_job(job, options);
  }

  std::shared_ptr<arrow::Table> read(const std::string& file) {
    ThreadPool pool(1);
    ReadReport report;
    return read_tables({(folder_ / file).string()}, {}, pool, &report).ValueOrDie();
  }

  std::string bytes(const std::string& file) {
    std::ifstream stream(folder_ / file, std::ios::binary);
    EXPECT_TRUE(stream.good()) << file;
    return {std::istreambuf_iterator<char>(stream), {}};
  }
};

template <typename Array>
std::vector<double> numbers(const arrow::Table& table, const std::string& column) {
  std::vector<double> values;
  for (const auto& chunk : table.GetColumnByName(column)->chunks()) {
    const auto& array = static_cast<const Array&>(*chunk);
    for (int64_t i = 0; i < array.length(); ++i) values.push_back(static_cast<double>(array.Value(i)));
  }
  return values;
}

TEST_F(EmbeddedEngine, WritesTheSameBytesWhateverTheThreads) {
  for (const int threads : {1, 2, 7}) {
    Json with_threads = job();
    with_threads["engine"]["threads"] = threads;
    const auto report = run(with_threads, "out" + std::to_string(threads));
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_GT(report->predictions, 100U);
  }
  for (const std::string file : {"predictions.parquet", "clusters.parquet", "model.json"}) {
    EXPECT_EQ(bytes("out1/" + file), bytes("out2/" + file)) << file;
    EXPECT_EQ(bytes("out1/" + file), bytes("out7/" + file)) << file;
  }
}

TEST_F(EmbeddedEngine, GivesEachPairOnceWithAWeightThatAddsUp) {
  const auto report = run(job(), "out");
  ASSERT_TRUE(report.ok()) << report.status();
  const double prior = Json::parse(bytes("out/model.json"))["probability_two_random_records_match"].get<double>();
  const auto table = read("out/predictions.parquet");
  const auto weights = numbers<arrow::DoubleArray>(*table, "match_weight");
  const auto lefts = numbers<arrow::Int64Array>(*table, "unique_id_l");
  const auto rights = numbers<arrow::Int64Array>(*table, "unique_id_r");
  ASSERT_EQ(weights.size(), report->predictions);
  std::vector<double> sums(weights.size(), std::log2(prior / (1 - prior)));
  for (const std::string& column : table->ColumnNames()) {
    if (!column.starts_with("mw_")) continue;
    const auto parts = numbers<arrow::DoubleArray>(*table, column);
    for (size_t k = 0; k < parts.size(); ++k) sums[k] += parts[k];
  }
  std::set<std::pair<double, double>> seen;
  for (size_t k = 0; k < weights.size(); ++k) {
    EXPECT_NEAR(weights[k], sums[k], 1e-9);
    EXPECT_GE(weights[k], std::log2(kThreshold / (1 - kThreshold)));
    EXPECT_LT(lefts[k], rights[k]);
    EXPECT_TRUE(seen.emplace(lefts[k], rights[k]).second);
  }
}

// The same pairs by a second way: no threshold, so that no pair is left out early, and the threshold afterwards.
TEST_F(EmbeddedEngine, LeavesOutNoPairThatReachesTheThreshold) {
  ASSERT_TRUE(run(job(), "out").ok());
  Json everything = job();
  everything["predict"] = Json::object();
  const auto all = run(everything, "all");
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_EQ(all->predictions, all->pairs_compared);
  const auto weights = numbers<arrow::DoubleArray>(*read("all/predictions.parquet"), "match_weight");
  const double threshold = std::log2(kThreshold / (1 - kThreshold));
  const auto reached =
      std::count_if(weights.begin(), weights.end(), [=](double weight) { return weight >= threshold; });
  EXPECT_EQ(read("out/predictions.parquet")->num_rows(), reached);
}

TEST_F(EmbeddedEngine, PutsPairsAboveTheThresholdIntoOneCluster) {
  ASSERT_TRUE(run(job(), "out").ok());
  const auto clusters = read("out/clusters.parquet");
  const auto ids = numbers<arrow::Int64Array>(*clusters, "unique_id");
  const auto cluster_ids = numbers<arrow::Int64Array>(*clusters, "cluster_id");
  ASSERT_EQ(ids.size(), kPeople);
  std::map<double, double> cluster_of;
  for (size_t k = 0; k < ids.size(); ++k) cluster_of[ids[k]] = cluster_ids[k];
  const auto pairs = read("out/predictions.parquet");
  const auto probabilities = numbers<arrow::DoubleArray>(*pairs, "match_probability");
  const auto lefts = numbers<arrow::Int64Array>(*pairs, "unique_id_l");
  const auto rights = numbers<arrow::Int64Array>(*pairs, "unique_id_r");
  size_t linked = 0;
  for (size_t k = 0; k < probabilities.size(); ++k) {
    if (probabilities[k] < 0.9) continue;
    ++linked;
    EXPECT_EQ(cluster_of[lefts[k]], cluster_of[rights[k]]);
  }
  EXPECT_GT(linked, 100U);
}

TEST_F(EmbeddedEngine, LeavesNoOutputOfACancelledRun) {
  Cancellation cancellation;
  cancellation.request();
  EXPECT_FALSE(run(job(), "out", &cancellation).ok());
  EXPECT_TRUE(!std::filesystem::exists(folder_ / "out") || std::filesystem::is_empty(folder_ / "out"));
}

TEST_F(EmbeddedEngine, SaysWhichTrainingRuleMakesNoPair) {
  Json without_pairs = job();
  without_pairs["training"]["em"][0]["rule"] = "l.unique_id = r.unique_id";
  EXPECT_THAT(run(without_pairs, "out").status().message(), HasSubstr("'l.unique_id = r.unique_id' makes no pair"));
}

TEST_F(EmbeddedEngine, NamesAMissingColumnToRetainBeforeItTrains) {
  Json misspelt = job();
  misspelt["settings"]["additional_columns_to_retain"] = {"surnme"};
  misspelt["training"]["em"][0]["rule"] = "l.unique_id = r.unique_id";  // fails in training
  EXPECT_THAT(run(misspelt, "out").status().message(),
              HasSubstr("there is no column 'surnme'; did you mean 'surname'"));
}

}  // namespace
}  // namespace linkwright
