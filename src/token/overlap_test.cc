#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>

#include "token/overlap_report.h"

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
    return read_token_dataset(path, options_.rules(), options_.blank_tokens_match, key, {pool_});
  }

  struct Analyzed : OverlapResult {
    std::vector<std::pair<uint32_t, uint32_t>> matches;
  };

  std::vector<Analyzed> analyze(const std::string& rows1, const std::string& rows2) {
    dataset1_ = read("a.csv", rows1).ValueOrDie();
    dataset2_ = read("b.csv", rows2).ValueOrDie();
    std::vector<Analyzed> all;
    for (const auto& set : options_.rule_sets) {
      const OverlapJoin join(dataset1_, dataset2_, set);
      all.push_back({analyze_overlap(join, dataset1_, dataset2_, nullptr).ValueOrDie(), {}});
      const auto keep = [&](uint32_t record1, uint32_t record2) {
        all.back().matches.emplace_back(record1, record2);
        return Status::OK();
      };
      EXPECT_TRUE(join.for_each_match(keep, nullptr).ok());
    }
    return all;
  }

  static std::string content(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
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
  options_.rule_sets = {{"T1", "T2"}, {"T2"}};
  analyze("T1,x,1\nT2,y,1\n", "T1,x,\"7,\"\"a\"\nT2,y,\"7,\"\"a\"\nT1,z,9\nT2,y,9\n");
  ASSERT_TRUE(write_overlap(dataset1_, dataset2_, options_, folder_ / "o.json", folder_ / "o.csv", nullptr).ok());
  const auto all = nlohmann::json::parse(content(folder_ / "o.json"));
  ASSERT_EQ(all.size(), 2U);
  const auto& json = all[0];
  EXPECT_EQ(json["total_records_dataset1"], 1);
  EXPECT_EQ(json["unique_to_dataset2"], 1);
  EXPECT_EQ(json["overlap_percentage"], 100.0);
  ASSERT_EQ(json["matches"].size(), 1U);
  EXPECT_EQ(json["matches"][0]["A_RecordId"], "1");
  EXPECT_EQ(json["matches"][0]["B_RecordId"], "7,\"a");
  EXPECT_EQ(json["matching_rules"], (std::vector<std::string>{"T1", "T2"}));
  EXPECT_EQ(json["dataset2_name"], "B");
  EXPECT_EQ(all[1]["matches"].size(), 2U);
  EXPECT_EQ(content(folder_ / "o.csv"),
            "MatchingRules,A_RecordId,B_RecordId\nT1+T2,1,\"7,\"\"a\"\nT2,1,\"7,\"\"a\"\nT2,1,9\n");
}

TEST_F(Overlap, OfOneRuleSetIsOneJsonObject) {
  analyze("T1,x,1\nT2,y,1\n", "T1,q,7\nT2,y,7\n");
  ASSERT_TRUE(write_overlap(dataset1_, dataset2_, options_, folder_ / "o.json", folder_ / "o.csv", nullptr).ok());
  const auto json = nlohmann::json::parse(content(folder_ / "o.json"));
  EXPECT_EQ(json["matches"], nlohmann::json::array());
  EXPECT_EQ(json["overlap_percentage"], 0.0);
}

// Every pair of 200 records, found by joining tokens, against a comparison of all with all.
TEST_F(Overlap, FindsWhatComparingAllWithAllFinds) {
  options_.rule_sets = {{"T1"}, {"T1", "T2"}, {"T3", "T2", "T1"}};
  std::mt19937 random(20261120);
  std::array<std::string, 2> rows;
  std::array<std::vector<std::array<int, 3>>, 2> tokens;
  for (size_t side = 0; side < 2; ++side) {
    for (int record = 0; record < 200; ++record) {
      auto& of_record = tokens[side].emplace_back();
      for (size_t rule = 0; rule < 3; ++rule) {
        of_record[rule] = static_cast<int>(random() % (4 + 9 * rule));  // 0: blank
        rows[side] += "T" + std::to_string(rule + 1) + "," +
                      (of_record[rule] == 0 ? std::string(kBlank) : "token" + std::to_string(of_record[rule])) + "," +
                      std::to_string(record) + "\n";
      }
    }
  }
  const auto results = analyze(rows[0], rows[1]);
  for (size_t set = 0; set < 3; ++set) {
    std::vector<std::pair<uint32_t, uint32_t>> expected;
    for (uint32_t a = 0; a < 200; ++a) {
      for (uint32_t b = 0; b < 200; ++b) {
        bool agree = true;
        for (size_t rule = 0; rule <= set; ++rule) {
          agree = agree && tokens[0][a][rule] != 0 && tokens[0][a][rule] == tokens[1][b][rule];
        }
        if (agree) expected.emplace_back(a, b);
      }
    }
    EXPECT_FALSE(expected.empty());
    EXPECT_EQ(results[set].matches, expected) << set;
  }
}

TEST_F(Overlap, RefusesARuleThatNoRowHas) {
  options_.rule_sets = {{"T1", "T9"}};
  const Status status = read("a.csv", "T1,x,1\nT2,y,1\n").status();
  EXPECT_NE(status.message().find("no row has the rule 'T9'; the file has T1, T2"), std::string::npos)
      << status.message();
  EXPECT_TRUE(read("b.csv", "").ok()) << "a dataset may be empty";
}

TEST_F(Overlap, RefusesAKeyThatOpensNoToken) {
  options_.rule_sets = {{"T1"}};
  const Secret key(std::string(32, 'k'));
  const Status status = read("a.csv", "T1," + std::string(96, 'A') + ",1\n", key).status();
  EXPECT_NE(status.message().find("the key opens none of 1 tokens"), std::string::npos) << status.message();
  EXPECT_EQ(read("b.csv", "T1," + std::string(96, 'A') + ",1\nT1,x,2\n", key).ValueOrDie().undecrypted, 1);
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
  const Status status = read_token_dataset(path, {"T1"}, false, Secret(), {pool_}).status();
  EXPECT_NE(status.message().find("'Token'"), std::string::npos) << status.message();
}

}  // namespace
}  // namespace linkwright
