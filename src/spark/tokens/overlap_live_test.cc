// Overlap on a real Spark, against the embedded one.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/thread_pool.h"
#include "spark/tokens/live_tokens.h"
#include "spark/tokens/spark_overlap.h"
#include "token/overlap_report.h"
#include "token/token_files.h"

namespace linkwright::spark {
namespace {

using test::kEncryptionKey;
using test::kHashingSecret;
using test::rows_of;
using test::session;
using test::text_of;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class OverlapOnSpark : public test::TokensOnSpark {
 protected:
  // Records 0 to 250 and 200 to 450, ids in several places, and rows of other tokens.
  void write_tokens(TokenMode mode) {
    const auto tokenizer = Tokenizer::make(options(mode), Secret(kHashingSecret), Secret(kEncryptionKey)).ValueOrDie();
    ThreadPool pool(1);
    for (const auto& [name, begin] : {std::pair{"a.csv", 0}, std::pair{"b.parquet", 200}}) {
      const std::string people = write_people("people.csv", begin, begin + 250);
      const std::string again = write_people("again.csv", begin + 100, begin + 110);
      const std::string others = write_people("others.csv", begin + 150, begin + 160);
      const std::string text = text_of(others);
      std::string renamed;  // record r160 has tokens of r150 as well, and so on
      for (size_t at = 0; at < text.size(); ++at) {
        renamed += text.compare(at, 4, "\nr" + std::to_string(begin / 100 + 1) + "5") == 0
                       ? (at += 3, "\nr" + std::to_string(begin / 100 + 1) + "6")
                       : std::string(1, text[at]);
      }
      std::ofstream(others) << renamed;
      ASSERT_TRUE(tokenize_files({{people, again, others}, 0}, path(name), *tokenizer, {pool}).ok());
    }
  }

  OverlapQuestion question(const std::string& a, const std::string& b) const {
    OverlapQuestion asked;
    asked.datasets = {TokenDataset{a, {{path(a)}, "", 0, ""}, true}, TokenDataset{b, {{path(b)}, "", 0, ""}, true}};
    asked.options.rule_sets = {{"T1", "T2"}, {"T4"}, {"T5", "T5"}};
    asked.options.name1 = "A";
    asked.options.name2 = "B";
    asked.encryption_key.variable = "LINKWRIGHT_ENCRYPTION_KEY";
    return asked;
  }

  std::vector<OverlapResult> embedded(const OverlapQuestion& asked) const {
    ThreadPool pool(1);
    const SortSpace space{size_t{1} << 24, path("")};
    OverlapJoin join(asked.options, space);
    for (size_t dataset = 0; dataset < 2; ++dataset) {
      auto records = TokenisedRecords::read(asked.datasets[dataset].source.paths[0], asked.options.rules(),
                                            asked.options.blank_tokens_match, Secret(kEncryptionKey), space, {pool});
      EXPECT_TRUE(join.add(dataset, &*records, nullptr).ok());
    }
    return write_overlap(&join, asked.options, path("here.json"), path("here.csv"), nullptr).ValueOrDie();
  }

  Result<std::vector<OverlapResult>> run(const Session& spark, const OverlapQuestion& asked) {
    warnings_.clear();
    return overlap_on_spark(spark, asked, {path("there.json"), path("there.csv"), {}}, LINKWRIGHT_TOKEN_KERNEL,
                            {[&](const std::string& warning) { warnings_.push_back(warning); }, nullptr});
  }

  std::vector<std::string> warnings_;
};

TEST_F(OverlapOnSpark, WritesTheFilesOfTheEmbeddedOne) {
  write_tokens(TokenMode::kEncrypt);
  const Session spark = session();
  const OverlapQuestion asked = question("a.csv", "b.parquet");
  const auto results = run(spark, asked);
  ASSERT_TRUE(results.ok()) << results.status().message();
  const std::vector<OverlapResult> expected = embedded(asked);
  ASSERT_EQ(results->size(), 3U);
  for (size_t set = 0; set < 3; ++set) {
    EXPECT_EQ(overlap_summary((*results)[set], asked.options), overlap_summary(expected[set], asked.options));
    EXPECT_GE(expected[set].matching_records_dataset1, 20U) << set;
  }
  EXPECT_EQ(text_of(path("there.json")), text_of(path("here.json")));
  EXPECT_EQ(text_of(path("there.csv")), text_of(path("here.csv")));
}

// And counts as the reference does.
TEST_F(OverlapOnSpark, TakesATableAndAFolderAndLeavesMatchesInAnother) {
  write_tokens(TokenMode::kHash);
  const Session spark = session();
  ASSERT_TRUE(spark.sql("DROP TABLE IF EXISTS tokens_of_a").ok());
  const std::string options = "OPTIONS (path '" + path("a.csv") + "', header 'true')";
  ASSERT_TRUE(spark.sql("CREATE TABLE tokens_of_a USING csv " + options).ok());
  std::filesystem::create_directories(path("b"));
  std::filesystem::copy_file(path("b.parquet"), path("b/part-0.parquet"));
  OverlapQuestion asked = question("a.csv", "b.parquet");
  asked.options.rule_sets = {{"T1", "T2"}, {"T4"}};
  asked.options.blank_tokens_match = true;
  const std::vector<OverlapResult> expected = embedded(asked);
  asked.datasets = {TokenDataset{"tokens_of_a", {{}, "tokens_of_a", 0, ""}},
                    TokenDataset{"b", {{path("b")}, "", 0, ""}}};
  const auto results = overlap_on_spark(spark, asked, {path("there.json"), "", {path("matches"), "", "parquet"}},
                                        LINKWRIGHT_TOKEN_KERNEL, {});
  ASSERT_TRUE(results.ok()) << results.status().message();
  const auto json = nlohmann::json::parse(text_of(path("there.json")));
  auto without_matches = nlohmann::json::parse(text_of(path("here.json")));
  for (auto& result : without_matches) {
    result.erase("matches");
    result["matches_in"] = path("matches");
  }
  EXPECT_EQ(json, without_matches);
  const auto matches = spark.read().parquet({path("matches")}).to_arrow().ValueOrDie();
  EXPECT_EQ(matches->ColumnNames(), (std::vector<std::string>{"MatchingRules", "A_RecordId", "B_RecordId"}));
  EXPECT_EQ(rows_of(matches), rows_of(test::read(path("here.csv"))));
  ASSERT_TRUE(spark.sql("DROP TABLE tokens_of_a").ok());
}

TEST_F(OverlapOnSpark, OrdersThePairsOfFoldersByTheirIds) {
  std::filesystem::create_directories(path("folder"));
  std::ofstream(path("folder/1.csv")) << "RuleId,Token,RecordId\nT1,x,b\nT1,x,\"a,\"\"1\"\"\"\n";
  std::ofstream(path("folder/2.csv")) << "RuleId,Token,RecordId\nT1,x,B\nT1,,b\nT1," << std::string(96, 'A') << ",\n";
  std::ofstream(path("nobody.csv")) << "";
  const Session spark = session();
  OverlapQuestion asked = question("folder", "folder");
  asked.options.rule_sets = {{"T1"}};
  for (TokenDataset& dataset : asked.datasets) {
    dataset.source.format = "csv";
    dataset.has_order = false;
  }
  ASSERT_TRUE(run(spark, asked).ok());
  EXPECT_THAT(warnings_.front(), HasSubstr("folder: the key does not open 1 tokens; they are compared as they are"));
  EXPECT_EQ(text_of(path("there.csv")),
            "MatchingRules,A_RecordId,B_RecordId\nT1,,\nT1,B,B\nT1,B,\"a,\"\"1\"\"\"\nT1,B,b\nT1,\"a,\"\"1\"\"\",B\n"
            "T1,\"a,\"\"1\"\"\",\"a,\"\"1\"\"\"\nT1,\"a,\"\"1\"\"\",b\nT1,b,B\nT1,b,\"a,\"\"1\"\"\"\nT1,b,b\n");
  asked.datasets[1] = TokenDataset{"nobody.csv", {{path("nobody.csv")}, "", 0, ""}, true};
  const auto with_nobody = run(spark, asked);
  ASSERT_TRUE(with_nobody.ok()) << with_nobody.status().message();
  EXPECT_EQ(with_nobody->front().total_records_dataset1, 4U);
  EXPECT_EQ(with_nobody->front().total_records_dataset2, 0U);
}

TEST_F(OverlapOnSpark, RefusesWhatTheEmbeddedOneDoes) {
  const std::string header = "RuleId,Token,RecordId\n";
  const std::string encrypted = "T1," + std::string(96, 'A') + ",1\n";
  std::ofstream(path("a.csv")) << header << encrypted << "T2,x,1\n";
  std::ofstream(path("b.csv")) << header << encrypted;
  const Session spark = session();
  OverlapQuestion asked = question("a.csv", "b.csv");
  asked.options.rule_sets = {{"T1", "T9"}};
  EXPECT_THAT(run(spark, asked).status().message(), HasSubstr("a.csv: no row has the rule 'T9'; there are T1, T2"));
  asked.options.rule_sets = {{"T1"}};
  EXPECT_THAT(run(spark, asked).status().message(),
              HasSubstr("a.csv: the key opens none of 1 tokens; it is not the key they were made with"));
  asked.encryption_key.variable = "LINKWRIGHT_NO_SUCH_KEY";
  EXPECT_THAT(run(spark, asked).status().message(),
              AllOf(HasSubstr(".csv: the tokens are encrypted"), HasSubstr("LINKWRIGHT_ENCRYPTION_KEY")));
  std::ofstream(path("short.key")) << "too-short-a-key";
  asked.encryption_key.path = path("short.key");
  EXPECT_THAT(run(spark, asked).status().message(), AllOf(HasSubstr("32"), Not(HasSubstr("too-short-a-key"))));
  EXPECT_FALSE(std::filesystem::exists(path("there.json")));
}

}  // namespace
}  // namespace linkwright::spark
