// One block of 30 % of the records, cut into parts: what a placeholder in a blocking column makes of a job.

#include <arrow/table.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "column/test_records.h"
#include "engine/embedded_engine.h"
#include "engine/test_folder.h"

namespace linkwright {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kRecords = 14'000;
constexpr uint64_t kConstant = 4'200;              // more than a tile has rows
constexpr uint64_t kTwins = (14'000 - 4'200) / 2;  // the others share a number with one more each

constexpr uint64_t all_pairs(uint64_t records) { return records * (records - 1) / 2; }

class HugeBlock : public test::InFolder {
 protected:
  void SetUp() override {
    InFolder::SetUp();
    test::Texts numbers, names;
    for (size_t i = 0; i < kRecords; ++i) {
      // Spread over the records, so that the block's parts are of both datasets.
      const bool constant = i % 10 < 3;
      const size_t other = i / 10 * 7 + i % 10 - 3;
      numbers.emplace_back(constant ? "000" : "1" + std::to_string(other / 2));
      names.emplace_back("name" + std::to_string(i * 7919 % 211));
    }
    const auto table = test::text_table({{"phone", numbers}, {"name", names}});
    write("all.parquet", **table->CombineChunksToBatch());
    write("a.parquet", **table->Slice(0, kRecords / 2)->CombineChunksToBatch());
    write("b.parquet", **table->Slice(kRecords / 2)->CombineChunksToBatch());
  }
  static Json job(const std::string& link_type, const std::string& rule) {
    const Json inputs = link_type == "link_only" ? Json{"a.parquet", "b.parquet"} : Json{"all.parquet"};
    const Json comparison = {
        {"output_column_name", "name"},
        {"comparison_levels",
         {{{"sql_condition", "name_l = name_r"}, {"m_probability", 0.9}, {"u_probability", 0.01}},
          {{"sql_condition", "levenshtein(name_l, name_r) <= 1"}, {"m_probability", 0.05}, {"u_probability", 0.09}},
          {{"sql_condition", "ELSE"}, {"m_probability", 0.05}, {"u_probability", 0.9}}}}};
    return {{"inputs", inputs},
            {"settings",
             {{"link_type", link_type},
              {"probability_two_random_records_match", 0.01},
              {"comparisons", {comparison}},
              {"blocking_rules_to_generate_predictions", {rule}}}},
            {"predict", {{"threshold_match_probability", 0.3}}},
            {"cluster", {{"threshold_match_probability", 0.4}}}};
  }

  Result<RunReport> run(Json json, int threads, const RunOptions& options = {}) const {
    json["output"]["dir"] = (folder_ / ("out" + std::to_string(threads))).string();
    json["engine"]["threads"] = threads;
    ARROW_ASSIGN_OR_RAISE(const LinkageJob parsed, LinkageJob::from_json(json, folder_.string(), "job.json"));
    return run_job(parsed, options);
  }

  std::string bytes_of(const std::string& file) const {
    std::ifstream stream(folder_ / file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  void expect_the_same_for_any_threads(const Json& json, uint64_t pairs) const {
    const RunReport one = run(json, 1).ValueOrDie();
    const RunReport seven = run(json, 7).ValueOrDie();
    EXPECT_EQ(one.pairs_compared, pairs);
    EXPECT_EQ(seven.pairs_compared, pairs);
    EXPECT_GT(one.predictions, 0u);
    for (const char* file : {"/predictions.parquet", "/clusters.parquet"}) {
      EXPECT_EQ(bytes_of("out1" + std::string(file)), bytes_of("out7" + std::string(file)));
    }
    ASSERT_EQ(one.notes.size(), 1u);
    EXPECT_THAT(one.notes[0], testing::HasSubstr("'000'"));
  }
};

TEST_F(HugeBlock, OfOneDatasetIsComparedByAnyNumberOfThreadsAlike) {
  expect_the_same_for_any_threads(job("dedupe_only", "l.phone = r.phone"), all_pairs(kConstant) + kTwins);
}

// Half of the block's records are in each dataset; of the twins, none are in different ones.
TEST_F(HugeBlock, OfTwoDatasetsIsComparedByAnyNumberOfThreadsAlike) {
  expect_the_same_for_any_threads(job("link_only", "l.phone = r.phone"), (kConstant / 2) * (kConstant / 2));
}

TEST_F(HugeBlock, UnderAFilterIsComparedByAnyNumberOfThreadsAlike) {
  const std::string rule = "l.phone = r.phone AND substr(l.name, 5, 1) <> substr(r.name, 5, 1)";
  Json filtering = job("dedupe_only", rule);
  filtering["predict"]["threshold_match_probability"] = 0.005;
  const RunReport filtered = run(filtering, 1).ValueOrDie();
  EXPECT_LT(filtered.pairs_compared, all_pairs(kConstant));
  expect_the_same_for_any_threads(filtering, filtered.pairs_compared);
  // What the filter drops and what it leaves are all pairs.
  const std::string rest = "l.phone = r.phone AND substr(l.name, 5, 1) = substr(r.name, 5, 1)";
  EXPECT_EQ(run(job("dedupe_only", rest), 1).ValueOrDie().pairs_compared + filtered.pairs_compared,
            all_pairs(kConstant) + kTwins);
}

TEST_F(HugeBlock, IsToldOfToProgressPairByPair) {
  ProgressUpdate last;
  RunOptions options;
  options.progress = [&](const ProgressUpdate& update) {
    if (update.stage == "predict") last = update;
  };
  ASSERT_TRUE(run(job("dedupe_only", "l.phone = r.phone"), 2, options).ok());
  EXPECT_TRUE(last.finished);
  EXPECT_EQ(last.total, all_pairs(kConstant) + kTwins);
  EXPECT_EQ(last.done, last.total);
}

TEST_F(HugeBlock, IsLeftInTheMiddleWhenTheRunIsCancelled) {
  Cancellation cancellation;
  uint64_t done = 0;
  RunOptions options;
  options.cancellation = &cancellation;
  options.progress = [&](const ProgressUpdate& update) {
    if (update.stage != "predict") return;
    cancellation.request();
    done = update.done;
  };
  const auto cancelled = run(job("dedupe_only", "l.phone = r.phone"), 2, options);
  EXPECT_TRUE(cancelled.status().IsCancelled()) << cancelled.status();
  EXPECT_LT(done, all_pairs(kConstant));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out2"));
}

}  // namespace
}  // namespace linkwright
