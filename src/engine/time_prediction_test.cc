#include "engine/time_prediction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "column/test_records.h"
#include "engine/blocking_report.h"
#include "engine/job_records.h"
#include "engine/pair_sample.h"
#include "engine/test_folder.h"

namespace linkwright {
namespace {

using Json = nlohmann::ordered_json;

CandidatePairs pairs_of(const std::vector<std::string>& rules, const RecordTable& records, int threads,
                        bool links_only = false) {
  std::vector<BlockingRule> parsed;
  for (const std::string& rule : rules) parsed.push_back(BlockingRule::parse(rule).ValueOrDie());
  ThreadPool pool(threads);
  return CandidatePairs::make(std::move(parsed), records, {links_only, {}}, pool).ValueOrDie();
}

// Half of the people live in one town, the others in towns of 20.
test::Texts towns(size_t people) {
  test::Texts texts;
  for (size_t i = 0; i < people; ++i) texts.emplace_back(i % 2 == 0 ? "x" : "y" + std::to_string(i / 40));
  return texts;
}

uint64_t pairs_in_tiles(const CandidatePairs& pairs, const PairUnit& unit) {
  uint64_t total = 0;
  EXPECT_TRUE(pairs
                  .for_each_tile(unit,
                                 [&](const PairTile& tile, uint32_t) {
                                   total += tile.num_pairs();
                                   return Status::OK();
                                 })
                  .ok());
  return total;
}

TEST(PairSample, TakesSmallPiecesThatKnowHowManyPairsTheyHave) {
  const RecordTable records = test::records_of({{"town", towns(20'000)}});
  const CandidatePairs pairs = pairs_of({"l.town = r.town"}, records, 1);
  const PairSample sample(pairs, 1);
  EXPECT_EQ(sample.num_pairs(), pairs.num_pairs_before_exclusion());
  for (size_t k = 0; k < 100; ++k) {
    const PairUnit piece = sample.piece(k);
    EXPECT_GT(piece.num_pairs, 0u);
    EXPECT_LE(piece.num_pairs, 1u << 18);
    EXPECT_EQ(piece.num_pairs, pairs_in_tiles(pairs, piece)) << k;
  }
}

TEST(PairSample, TakesOfEveryRuleAsMuchAsItHas) {
  const size_t people = 20'000;
  test::Texts names;
  for (size_t i = 0; i < people; ++i) names.emplace_back(std::to_string(i % 5));
  const RecordTable records = test::records_of({{"name", names}, {"parity", test::Texts(towns(people))}});
  const CandidatePairs pairs = pairs_of({"l.name = r.name", "l.parity = r.parity"}, records, 1);
  const PairSample sample(pairs, 1);
  size_t of_first = 0;
  const size_t taken = 1000;
  for (size_t k = 0; k < taken; ++k) of_first += static_cast<size_t>(pairs.match_key(sample.piece(k)) == 0);
  const double share = static_cast<double>(pairs.num_pairs_before_exclusion(0)) /
                       static_cast<double>(pairs.num_pairs_before_exclusion());
  EXPECT_NEAR(static_cast<double>(of_first) / taken, share, 0.02);
}

TEST(PairSample, IsTheSameForAnyNumberOfThreads) {
  const RecordTable records = test::records_of({{"town", towns(20'000)}});
  const CandidatePairs one = pairs_of({"l.town = r.town"}, records, 1);
  const CandidatePairs seven = pairs_of({"l.town = r.town"}, records, 7);
  for (size_t k = 0; k < 100; ++k) {
    const PairUnit a = PairSample(one, 3).piece(k);
    const PairUnit b = PairSample(seven, 3).piece(k);
    EXPECT_EQ(std::tie(a.first_block, a.last_block, a.left_part, a.right_part, a.num_pairs, a.most_left_rows),
              std::tie(b.first_block, b.last_block, b.left_part, b.right_part, b.num_pairs, b.most_left_rows));
  }
}

TEST(PairSample, CountsOnlyLinksWhereOnlyLinksAreWanted) {
  const RecordTable records = test::linked_records_of({{{"town", towns(9000)}}, {{"town", towns(5000)}}});
  const CandidatePairs pairs = pairs_of({"l.town = r.town"}, records, 1, /*links_only=*/true);
  EXPECT_EQ(pairs.num_pairs_before_exclusion(), 4500u * 2500 + 125 * 20 * 20);
  uint64_t total = 0;
  for (size_t u = 0; u < pairs.num_units(); ++u) total += pairs.unit(u).num_pairs;
  EXPECT_EQ(total, pairs.num_pairs_before_exclusion());
}

TEST(PairWork, IsWhatAllPairsTakeWhereTheyAreFew) {
  const RecordTable records = test::records_of({{"town", towns(200)}});
  const CandidatePairs pairs = pairs_of({"l.town = r.town"}, records, 1);
  size_t calls = 0;
  const PairWork work = measure_pair_work(pairs, [&](const PairUnits& units) -> Result<uint64_t> {
                          ++calls;
                          EXPECT_EQ(units.size(), pairs.num_units());
                          return 7;
                        }).ValueOrDie();
  EXPECT_EQ(calls, 1u);
  EXPECT_EQ(work.results, 7);
  EXPECT_EQ(work.sampled_pairs, pairs.num_pairs_before_exclusion());
}

// A result for every second pair: the sample must find half of all, whatever pieces it took.
TEST(PairWork, ExtrapolatesWhatItCounts) {
  const RecordTable records = test::records_of({{"town", towns(20'000)}});
  const CandidatePairs pairs = pairs_of({"l.town = r.town"}, records, 1);
  const PairWork work = measure_pair_work(pairs, [&](const PairUnits& units) -> Result<uint64_t> {
                          uint64_t of_units = 0;
                          for (size_t u = 0; u < units.size(); ++u) of_units += units[u].num_pairs;
                          return of_units / 2;
                        }).ValueOrDie();
  EXPECT_NEAR(work.results / static_cast<double>(pairs.num_pairs_before_exclusion()), 0.5, 0.001);
  EXPECT_LT(work.sampled_pairs, pairs.num_pairs_before_exclusion());
}

class TimeOfAJob : public test::InFolder {
 protected:
  static constexpr uint64_t kPeople = 5000;

  void SetUp() override {
    InFolder::SetUp();
    write_people(kPeople);
  }

  static Json job(const std::string& condition) {
    const Json comparison = {{"output_column_name", "email"},
                             {"comparison_levels",
                              {{{"sql_condition", condition}, {"m_probability", 0.9}, {"u_probability", 0.1}},
                               {{"sql_condition", "ELSE"}, {"m_probability", 0.1}, {"u_probability", 0.9}}}}};
    return {{"inputs", {"people.parquet"}},
            {"settings",
             {{"link_type", "dedupe_only"},
              {"comparisons", {comparison}},
              {"blocking_rules_to_generate_predictions", {"l.city = r.city"}}}},
            {"predict", {{"threshold_match_probability", 0.9}}},
            {"cluster", {{"threshold_match_probability", 0.9}}}};
  }

  BlockingReport report(const Json& json) const {
    const LinkageJob job = LinkageJob::from_json(json, folder_.string(), "job.json").ValueOrDie();
    RunResources resources(/*threads=*/2);
    RunReport run;
    const RecordTable records = read_records(job, {}, resources.context(), &run).ValueOrDie();
    return report_blocking(job, records, 3, resources.context()).ValueOrDie();
  }

  static double seconds_of(const BlockingReport& report, const std::string& stage) {
    double seconds = 0;
    for (const TimePrediction::Stage& known : report.time.stages) seconds += known.stage == stage ? known.seconds : 0;
    return seconds;
  }
};

TEST_F(TimeOfAJob, GrowsWithWhatItsComparisonsCost) {
  const double cheap = seconds_of(report(job("email_l = email_r")), "predict");
  const double expensive =
      seconds_of(report(job("levenshtein(email_l || surname_r, email_r || surname_l) < 3 AND "
                            "jaro_winkler_similarity(email_l || city_r, email_r || city_l) > 0.9")),
                 "predict");
  EXPECT_GT(cheap, 0);
  EXPECT_GT(expensive, 2 * cheap);
}

TEST_F(TimeOfAJob, NamesTheStagesOfARunInItsOrder) {
  Json trained = job("email_l = email_r");
  trained["training"] = {{"prior", {{"rules", {"l.email = r.email"}}, {"recall", 0.6}}},
                         {"u", {{"max_pairs", 1e5}, {"seed", 1}}},
                         {"em", {{{"rule", "l.dob = r.dob"}}}}};
  const BlockingReport told = report(trained);
  std::vector<std::string> stages;
  for (const TimePrediction::Stage& stage : told.time.stages) stages.push_back(stage.stage);
  EXPECT_THAT(stages,
              testing::ElementsAre("read", "prepare", "compile", "prior", "u", "em", "block", "predict", "cluster"));
  const Json json = Json::parse(told.to_json());
  EXPECT_EQ(json["predicted_stages"].size(), stages.size());
  EXPECT_NEAR(json["predicted_seconds"].get<double>(), told.time.seconds(), 1e-9);
}

TEST_F(TimeOfAJob, LeavesNoFileBehind) {
  const auto files = [] {
    return std::count_if(std::filesystem::directory_iterator(std::filesystem::temp_directory_path()),
                         std::filesystem::directory_iterator(), [](const auto& entry) {
                           const std::string own = "linkwright-" + std::to_string(::getpid()) + "-";
                           return entry.path().filename().string().starts_with(own);
                         });
  };
  Json everything = job("email_l = email_r");
  everything["predict"] = Json::object();
  report(everything);
  EXPECT_EQ(files(), 0);
}

}  // namespace
}  // namespace linkwright
