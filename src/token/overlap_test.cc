#include "token/overlap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace linkwright {
namespace {

using testing::ElementsAre;
using testing::Pair;

constexpr const char* kBlank = "0000000000000000000000000000000000000000000000000000000000000000";

class Overlap : public testing::Test {
 protected:
  Overlap() : folder_(std::filesystem::path(testing::TempDir()) / ("linkwright_overlap_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
    options_.rule_sets = {{"T1", "T2"}};
    options_.name1 = "A";
    options_.name2 = "B";
  }
  ~Overlap() override { std::filesystem::remove_all(folder_); }

  Result<TokenDataset> read(const std::string& name, const std::string& rows, const Secret& key = Secret()) {
    const std::string path = folder_ / name;
    std::ofstream(path) << "RuleId,Token,RecordId\n" << rows;
    return read_token_dataset(path, options_, key, {pool_});
  }

  std::vector<OverlapResult> analyze(const std::string& rows1, const std::string& rows2) {
    dataset1_ = read("a.csv", rows1).ValueOrDie();
    dataset2_ = read("b.csv", rows2).ValueOrDie();
    return analyze_overlap(dataset1_, dataset2_, options_);
  }

  std::filesystem::path folder_;
  ThreadPool pool_{2};
  OverlapOptions options_;
  TokenDataset dataset1_{{}};
  TokenDataset dataset2_{{}};
};

TEST_F(Overlap, NeedsEveryRuleOfASetToAgree) {
  const auto results = analyze("T1,x,1\nT2,y,1\nT1,x,2\nT2,z,2\n", "T1,x,7\nT2,y,7\nT1,q,8\nT2,z,8\nT3,x,9\n");
  ASSERT_EQ(results.size(), 1U);
  EXPECT_THAT(results[0].matches, ElementsAre(Pair(0, 0)));
  EXPECT_EQ(results[0].total_records_dataset2, 3U) << "a record without tokens of these rules counts as well";
  EXPECT_DOUBLE_EQ(results[0].overlap_percentage(), 50);
}

TEST_F(Overlap, NeverMatchesBlankTokens) {
  options_.rule_sets = {{"T4"}};
  const std::string rows = std::string("T4,") + kBlank + ",1\nT4," + kBlank + ",2\n";
  EXPECT_TRUE(analyze(rows, rows)[0].matches.empty());
  options_.blank_tokens_match = true;
  EXPECT_EQ(analyze(rows, rows)[0].matches.size(), 4U) << "as the reference counts";
}

TEST_F(Overlap, AnswersManyRuleSetsAtOnce) {
  options_.rule_sets = {{"T1"}, {"T2"}, {"T1", "T2", "T1"}};
  const auto results = analyze("T1,x,1\nT2,y,1\n", "T1,x,7\nT2,q,7\n");
  ASSERT_EQ(results.size(), 3U);
  EXPECT_EQ(results[0].matches.size(), 1U);
  EXPECT_TRUE(results[1].matches.empty());
  EXPECT_THAT(results[2].matching_rules, ElementsAre("T1", "T2")) << "a rule named twice counts once";
}

TEST_F(Overlap, CountsARecordOnceHoweverManyRecordsItMatches) {
  options_.rule_sets = {{"T5"}};
  const auto results = analyze("T5,x,1\nT5,x,2\n", "T5,x,7\nT5,x,8\nT5,x,9\n");
  EXPECT_EQ(results[0].matches.size(), 6U);
  EXPECT_EQ(results[0].matching_records_dataset1, 2U);
  EXPECT_EQ(results[0].matching_records_dataset2, 3U);
}

TEST_F(Overlap, LetsRowsThatShareARecordIdMatchByAnyOfTheirTokens) {
  EXPECT_EQ(analyze("T1,x,1\nT2,y,1\nT1,p,1\nT2,y,1\n", "T1,p,7\nT2,y,7\n")[0].matches.size(), 1U);
}

TEST_F(Overlap, HasTheKeysOfTheReference) {
  const auto results = analyze("T1,x,1\nT2,y,1\n", "T1,x,\"7,a\"\nT2,y,\"7,a\"\n");
  const auto json = nlohmann::json::parse(overlap_json(results, dataset1_, dataset2_, options_));
  EXPECT_EQ(json["total_records_dataset1"], 1);
  EXPECT_EQ(json["unique_to_dataset2"], 0);
  EXPECT_EQ(json["overlap_percentage"], 100.0);
  EXPECT_EQ(json["matches"][0]["A_RecordId"], "1");
  EXPECT_EQ(json["matches"][0]["B_RecordId"], "7,a");
  EXPECT_EQ(json["matching_rules"], (std::vector<std::string>{"T1", "T2"}));
  EXPECT_EQ(overlap_matches_csv(results, dataset1_, dataset2_, options_),
            "MatchingRules,A_RecordId,B_RecordId\nT1+T2,1,\"7,a\"\n");
}

TEST_F(Overlap, PrintsTheSummaryOfTheReference) {
  OverlapResult result;
  result.matching_rules = {"T1", "T2"};
  result.total_records_dataset1 = 1234;
  result.total_records_dataset2 = 1000;
  result.matching_records_dataset1 = 750;
  result.matching_records_dataset2 = 750;
  const std::string line(70, '=');
  EXPECT_EQ(overlap_summary(result, options_),
            line + "\nDataset Overlap Analysis\n" + line +
                "\nDataset 1: A\n  Total records: 1,234\n  Matching records: 750\n  Unique records: 484\n\n"
                "Dataset 2: B\n  Total records: 1,000\n  Matching records: 750\n  Unique records: 250\n\n"
                "Matching Rules: T1, T2\nOverlap Percentage: 75.00%\n" +
                line + "\n");
}

TEST_F(Overlap, AsksForTheKeyOfEncryptedTokens) {
  const Status status = read("a.csv", "T1," + std::string(96, 'A') + ",1\n").status();
  EXPECT_NE(status.message().find("LINKWRIGHT_ENCRYPTION_KEY"), std::string::npos) << status.message();
}

TEST_F(Overlap, NamesAMissingColumn) {
  const std::string path = folder_ / "none.csv";
  std::ofstream(path) << "RuleId,RecordId\nT1,1\n";
  const Status status = read_token_dataset(path, options_, Secret(), {pool_}).status();
  EXPECT_NE(status.message().find("'Token'"), std::string::npos) << status.message();
}

}  // namespace
}  // namespace linkwright
