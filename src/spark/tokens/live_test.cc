// Tokens on a real Spark, whose executors have the secrets of tests in their environment (see CMakeLists.txt), against
// those of the embedded tokenizer.

#include <arrow/table.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/thread_pool.h"
#include "spark/tokens/live_tokens.h"
#include "spark/tokens/spark_overlap.h"
#include "spark/tokens/spark_tokens.h"

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

/// All files below a folder, among which other tests' come and go.
std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code vanished;
  for (std::filesystem::directory_iterator entry(folder, vanished), end; entry != end; entry.increment(vanished)) {
    if (entry->is_directory(vanished)) {
      const auto inner = files_in(entry->path());
      files.insert(files.end(), inner.begin(), inner.end());
    } else if (entry->is_regular_file(vanished)) {
      files.push_back(entry->path());
    }
  }
  return files;
}

class TokensOnSparkTest : public test::TokensOnSpark {
 protected:
  void SetUp() override {
    test::TokensOnSpark::SetUp();
    write_people("people.csv", 0, 600);
  }

  TokenizeTask task(TokenMode mode) const {
    return {options(mode), {"LINKWRIGHT_HASHING_SECRET", "", ""}, {"LINKWRIGHT_ENCRYPTION_KEY", "", ""}};
  }

  Result<TokenizeReport> run(const Session& spark, const TokenizeTask& with, const std::string& output) const {
    return tokenize_on_spark(spark, {{path("people.csv")}, "", 0, ""}, {path(output), "", "parquet"}, with,
                             LINKWRIGHT_TOKEN_KERNEL, path(output + ".metadata.json"));
  }

  // The embedded tokenizer's rows for the same people.
  std::vector<std::string> embedded_rows(TokenMode mode) const {
    const auto tokenizer = Tokenizer::make(options(mode), Secret(kHashingSecret), Secret(kEncryptionKey)).ValueOrDie();
    ThreadPool pool(1);
    EXPECT_TRUE(tokenize_files({{path("people.csv")}, 0}, path("embedded.parquet"), *tokenizer, {pool}).ok());
    return rows_of(test::read(path("embedded.parquet")));
  }
};

TEST_F(TokensOnSparkTest, AreTheEmbeddedTokenizers) {
  const Session spark = session();
  const TokenizeReport report = run(spark, task(TokenMode::kHash), "tokens").ValueOrDie();
  EXPECT_EQ(report.counts.rows, 600);
  EXPECT_EQ(rows_of(spark.read().parquet({path("tokens")}).to_arrow().ValueOrDie()), embedded_rows(TokenMode::kHash));
  EXPECT_EQ(nlohmann::json::parse(text_of(path("tokens.metadata.json"))),
            nlohmann::json::parse(text_of(path("embedded.metadata.json"))));
}

TEST_F(TokensOnSparkTest, AreEncryptedWithTheExecutorsKey) {
  const Session spark = session();
  ASSERT_TRUE(run(spark, task(TokenMode::kEncrypt), "tokens").ok());
  const DataFrame tokens = spark.read().parquet({path("tokens")});
  ASSERT_TRUE(tokens.coalesce(1).write().format("csv").option("header", "true").save(path("csv")).ok());
  std::string csv;
  for (const auto& entry : std::filesystem::directory_iterator(path("csv"))) {
    if (entry.path().extension() == ".csv") csv = entry.path().string();
  }
  ThreadPool pool(1);
  const auto opened =
      detokenize_file(csv, path("opened.parquet"), TokenProfile::kJava113, Secret(kEncryptionKey), {pool});
  ASSERT_TRUE(opened.ok()) << opened.status().message();
  EXPECT_EQ(opened->unreadable, 0);
  EXPECT_EQ(rows_of(test::read(path("opened.parquet"))), embedded_rows(TokenMode::kHash));
}

TEST_F(TokensOnSparkTest, GoFromTableToTable) {
  const Session spark = session();
  for (const char* of_failed_try : {"people_of_tokens", "tokens_of_people"}) {
    ASSERT_TRUE(spark.sql(std::string("DROP TABLE IF EXISTS ") + of_failed_try).ok());
  }
  const DataFrame people = spark.read().option("header", "true").option("escape", "\"").csv({path("people.csv")});
  ASSERT_TRUE(people.repartition(3).write().format("parquet").save_as_table("people_of_tokens").ok());
  const auto report = tokenize_on_spark(spark, {{}, "people_of_tokens", 0, ""}, {"", "tokens_of_people", "parquet"},
                                        task(TokenMode::kHash), LINKWRIGHT_TOKEN_KERNEL, path("metadata.json"));
  ASSERT_TRUE(report.ok()) << report.status().message();
  EXPECT_EQ(report->counts.rows, 600);
  EXPECT_EQ(spark.table("tokens_of_people").count().ValueOrDie(), 3000);
  ASSERT_TRUE(spark.sql("DROP TABLE people_of_tokens").ok());
  ASSERT_TRUE(spark.sql("DROP TABLE tokens_of_people").ok());
}

// Columns by the header of each file, which Spark would take from the first one by their places.
TEST_F(TokensOnSparkTest, AreOfFilesWithDifferentHeaders) {
  std::ofstream(path("a.csv")) << "RecordId,FirstName,LastName,BirthDate,Sex\na-1,John,Smith,1980-05-17,M\n";
  std::ofstream(path("b.csv")) << "Surname,Id,GivenName,Gender,DateOfBirth\nSmith,b-1,John,M,1980-05-17\n";
  std::ofstream(path("c.csv")) << "LastName,FirstName,RecordId,BirthDate,Sex\nSmith,John,c-1,1980-05-17,M\n";
  const Session spark = session();
  const auto report =
      tokenize_on_spark(spark, {{path("a.csv"), path("b.csv"), path("c.csv")}, "", 0, ""}, {path("t"), "", "parquet"},
                        task(TokenMode::kPlain), LINKWRIGHT_TOKEN_KERNEL, path("m.json"));
  ASSERT_TRUE(report.ok()) << report.status().message();
  const DataFrame first_rule = spark.read().parquet({path("t")}).filter(col("RuleId") == lit("T1"));
  EXPECT_THAT(rows_of(first_rule.select({col("Token"), col("RecordId")}).to_arrow().ValueOrDie()),
              ElementsAre("SMITH|J|MALE|1980-05-17 | a-1 | ", "SMITH|J|MALE|1980-05-17 | b-1 | ",
                          "SMITH|J|MALE|1980-05-17 | c-1 | "));
  EXPECT_THAT(tokenize_on_spark(spark, {{path("[ac].csv")}, "", 0, ""}, {path("t2"), "", "parquet"},
                                task(TokenMode::kPlain), LINKWRIGHT_TOKEN_KERNEL, path("m.json"))
                  .status()
                  .message(),
              HasSubstr("c.csv"))
      << "not by the places of the first file's columns";
}

TEST_F(TokensOnSparkTest, LeaveNoSecretInSettingsLogsOrFiles) {
  const Session spark = session();
  ASSERT_TRUE(run(spark, task(TokenMode::kEncrypt), "tokens").ok());
  const TokenDataset tokens{"tokens", {{path("tokens")}, "", 0, ""}};
  OverlapQuestion question{{tokens, tokens}, {}, {"LINKWRIGHT_ENCRYPTION_KEY", "", ""}};
  question.options.rule_sets = {{"T1"}};
  const auto overlap =
      overlap_on_spark(spark, question, {path("o.json"), path("o.csv"), {}}, LINKWRIGHT_TOKEN_KERNEL, {});
  ASSERT_TRUE(overlap.ok()) << overlap.status().message();
  EXPECT_GT(overlap->front().matching_records_dataset1, 100U);
  const auto settings = spark.sql("SET -v").ValueOrDie().to_arrow().ValueOrDie();
  for (const std::string& row : rows_of(settings)) EXPECT_THAT(row, Not(HasSubstr("of-tests")));
  const std::vector<std::filesystem::path> files =
      files_in(std::getenv("SPARK_FOLDER"));  // NOLINT(concurrency-mt-unsafe)
  for (const auto& file : files) {
    const std::string text = text_of(file.string());
    EXPECT_EQ(text.find(kHashingSecret), std::string::npos) << file;
    EXPECT_EQ(text.find(kEncryptionKey), std::string::npos) << file;
  }
  EXPECT_GT(files.size(), 10U);
}

TEST_F(TokensOnSparkTest, AreRefusedWhereExecutorsHaveNoSecret) {
  const Session spark = session();
  TokenizeTask without = task(TokenMode::kHash);
  without.hashing_secret.variable = "LINKWRIGHT_NO_SUCH_SECRET";
  EXPECT_THAT(run(spark, without, "tokens").status().message(),
              AllOf(HasSubstr("LINKWRIGHT_NO_SUCH_SECRET"), HasSubstr("never sent")));
  EXPECT_FALSE(std::filesystem::exists(path("tokens")));
}

TEST_F(TokensOnSparkTest, RefuseAnOutputThatExistsAndColumnsThatAreTwice) {
  const Session spark = session();
  ASSERT_TRUE(run(spark, task(TokenMode::kSha256), "tokens").ok()) << "a mode that needs no secret";
  EXPECT_THAT(run(spark, task(TokenMode::kSha256), "tokens").status().message(), HasSubstr("PATH_ALREADY_EXISTS"));
  std::ofstream(path("twice.csv")) << "FirstName,GivenName\na,b\n";
  EXPECT_THAT(tokenize_on_spark(spark, {{path("twice.csv")}, "", 0, ""}, {path("t2"), "", "parquet"},
                                task(TokenMode::kSha256), LINKWRIGHT_TOKEN_KERNEL, path("m.json"))
                  .status()
                  .message(),
              AllOf(HasSubstr("FirstName"), HasSubstr("GivenName")));
}

}  // namespace
}  // namespace linkwright::spark
