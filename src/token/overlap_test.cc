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

  Result<TokenisedRecords> read(const std::string& name, const std::string& rows, const Secret& key = Secret()) {
    const std::string path = folder_ / name;
    std::ofstream(path) << "RuleId,Token,RecordId\n" << rows;
    return TokenisedRecords::read(path, options_.rules(), options_.blank_tokens_match, key, space_, {*pool_});
  }

  std::unique_ptr<OverlapJoin> join(const std::string& rows1, const std::string& rows2) {
    auto join = std::make_unique<OverlapJoin>(options_, space_);
    TokenisedRecords records1 = read("a.csv", rows1).ValueOrDie();
    EXPECT_TRUE(join->add(0, &records1, nullptr).ok());
    TokenisedRecords records2 = read("b.csv", rows2).ValueOrDie();
    EXPECT_TRUE(join->add(1, &records2, nullptr).ok());
    return join;
  }

  struct Analyzed : OverlapResult {
    std::vector<std::pair<std::string, std::string>> matches;
  };

  std::vector<Analyzed> analyze(const std::string& rows1, const std::string& rows2) {
    const auto joined = join(rows1, rows2);
    std::vector<Analyzed> all;
    for (size_t set = 0; set < options_.rule_sets.size(); ++set) {
      OverlapMatches matches = joined->join(set, nullptr).ValueOrDie();
      all.push_back({matches.result, {}});
      for (OverlapPair pair; matches.next(&pair).ValueOrDie();) {
        all.back().matches.emplace_back(pair.id1, pair.id2);
      }
    }
    return all;
  }

  static std::string content(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  std::filesystem::path folder_;
  std::unique_ptr<ThreadPool> pool_ = std::make_unique<ThreadPool>(2);
  OverlapOptions options_;
  SortSpace space_{size_t{1} << 20, folder_};
};

TEST_F(Overlap, NeedsEveryRuleOfASetToAgree) {
  const auto results = analyze("T1,x,1\nT2,y,1\nT1,x,2\nT2,z,2\n", "T1,x,7\nT2,y,7\nT1,q,8\nT2,z,8\nT3,x,9\n");
  ASSERT_EQ(results.size(), 1U);
  EXPECT_THAT(results[0].matches, ElementsAre(Pair("1", "7")));
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

TEST_F(Overlap, KeepsTheTokensOfTwoRulesApart) {
  EXPECT_TRUE(analyze("T1,x,1\nT2,y,1\nT1,z,2\nT2,z,2\n", "T1,y,7\nT2,x,7\nT1,q,8\nT2,q,8\n")[0].matches.empty());
}

TEST_F(Overlap, LetsRowsThatShareARecordIdMatchByAnyOfTheirTokens) {
  EXPECT_EQ(analyze("T1,x,1\nT2,y,1\nT1,p,1\nT2,y,1\n", "T1,p,7\nT2,y,7\n")[0].matches.size(), 1U);
}

TEST_F(Overlap, GathersTheRowsOfARecordFromAnywhere) {
  options_.rule_sets = {{"T1", "T2"}};
  const auto results = analyze("T1,a,1\nT1,b,2\nT2,c,2\nT2,d,1\n", "T2,c,8\nT2,d,7\nT1,b,8\nT1,a,7\n");
  EXPECT_EQ(results[0].total_records_dataset1, 2U);
  EXPECT_THAT(results[0].matches, ElementsAre(Pair("1", "7"), Pair("2", "8"))) << "in the order of the first dataset";
}

// Records in an order of their own, some with rows in several places and several tokens of a rule, a weak rule, and ids
// that begin alike: the least memory makes temporary files of everything, and merges more runs than fit at once.
TEST_F(Overlap, WritesTheSameFilesWithAnyMemoryAndThreads) {
  options_.rule_sets = {{"T1"}, {"T1", "T2"}, {"T3"}};
  std::mt19937_64 random(20261120);
  std::array<std::string, 2> rows;
  for (std::string& text : rows) {
    for (int row = 0; row < 6000; ++row) {
      const uint64_t rule = random() % 3;
      const uint64_t token = random() % (rule == 2 ? 40 : 1500);
      text += "T" + std::to_string(rule + 1) + ",token" + std::to_string(token) + ",id" +
              std::to_string(random() % 2000) + "\n";
    }
  }
  const auto files = [&](size_t memory_bytes, int threads) {
    space_.memory_bytes = memory_bytes;
    pool_ = std::make_unique<ThreadPool>(threads);
    const auto joined = join(rows[0], rows[1]);
    EXPECT_TRUE(write_overlap(joined.get(), options_, folder_ / "o.json", folder_ / "o.csv", nullptr).ok());
    return content(folder_ / "o.json") + content(folder_ / "o.csv");
  };
  const std::string expected = files(size_t{64} << 20, 1);
  EXPECT_GT(expected.size(), size_t{1} << 20);
  for (size_t memory_bytes : {size_t{2000}, size_t{100'000}}) {
    for (int threads : {1, 3}) EXPECT_EQ(files(memory_bytes, threads) == expected, true) << memory_bytes;
  }
  size_t left = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder_)) {
    (void)file;
    ++left;
  }
  EXPECT_EQ(left, 4U) << "the two datasets and the two results";
}

TEST_F(Overlap, RefusesARecordWithTooManyChoicesOfTokens) {
  std::string rows;
  for (int i = 0; i < 1100; ++i) {
    rows += "T1,x" + std::to_string(i) + ",same\nT2,y" + std::to_string(i) + ",same\n";
  }
  TokenisedRecords records = read("a.csv", rows).ValueOrDie();
  const Status status = OverlapJoin(options_, space_).add(0, &records, nullptr);
  EXPECT_NE(status.message().find("the record 'same' has rows with so many"), std::string::npos) << status.message();
}

TEST_F(Overlap, CountsNoChoicesOfARecordThatLacksARule) {
  options_.rule_sets = {{"T1", "T2", "T3"}};
  std::string rows = "T3,z,other\n";
  for (int i = 0; i < 1100; ++i) {
    rows += "T1,x" + std::to_string(i) + ",same\nT2,y" + std::to_string(i) + ",same\n";
  }
  EXPECT_TRUE(analyze(rows, rows)[0].matches.empty());
}

TEST_F(Overlap, HasTheKeysOfTheReference) {
  options_.rule_sets = {{"T1", "T2"}, {"T2"}};
  const auto joined = join("T1,x,1\nT2,y,1\n", "T1,x,\"7,\"\"a\"\nT2,y,\"7,\"\"a\"\nT1,z,9\nT2,y,9\n");
  ASSERT_TRUE(write_overlap(joined.get(), options_, folder_ / "o.json", folder_ / "o.csv", nullptr).ok());
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
  const auto joined = join("T1,x,1\nT2,y,1\n", "T1,q,7\nT2,y,7\n");
  ASSERT_TRUE(write_overlap(joined.get(), options_, folder_ / "o.json", folder_ / "o.csv", nullptr).ok());
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
    std::vector<std::pair<std::string, std::string>> expected;
    for (size_t a = 0; a < 200; ++a) {
      for (size_t b = 0; b < 200; ++b) {
        bool agree = true;
        for (size_t rule = 0; rule <= set; ++rule) {
          agree = agree && tokens[0][a][rule] != 0 && tokens[0][a][rule] == tokens[1][b][rule];
        }
        if (agree) expected.emplace_back(std::to_string(a), std::to_string(b));
      }
    }
    EXPECT_FALSE(expected.empty());
    EXPECT_EQ(results[set].matches, expected) << set;
  }
}

TEST_F(Overlap, RefusesARuleThatNoRowHas) {
  options_.rule_sets = {{"T1", "T9"}};
  const Status status = read("a.csv", "T1,x,1\nT2,y,1\n").status();
  EXPECT_NE(status.message().find("no row has the rule 'T9'; there are T1, T2"), std::string::npos) << status.message();
  EXPECT_TRUE(read("b.csv", "").ok()) << "a dataset may be empty";
}

TEST_F(Overlap, RefusesAKeyThatOpensNoToken) {
  options_.rule_sets = {{"T1"}};
  const Secret key(std::string(32, 'k'));
  const Status status = read("a.csv", "T1," + std::string(96, 'A') + ",1\n", key).status();
  EXPECT_NE(status.message().find("the key opens none of 1 tokens"), std::string::npos) << status.message();
  EXPECT_EQ(read("b.csv", "T1," + std::string(96, 'A') + ",1\nT1,x,2\n", key).ValueOrDie().tally().undecrypted, 1);
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
  const Status status = TokenisedRecords::read(path, {"T1"}, false, Secret(), space_, {*pool_}).status();
  EXPECT_NE(status.message().find("'Token'"), std::string::npos) << status.message();
}

}  // namespace
}  // namespace linkwright
