#include <arrow/builder.h>
#include <arrow/table.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>

#include "kernel/test_kernel.h"
#include "linkwright/token.h"
#include "token_kernel/tokenize_task.h"

namespace linkwright {
namespace {

using test::Json;
using test::TablePtr;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kSecret = "a hashing secret that must not show";
constexpr const char* kKey = "0123456789abcdef0123456789abcdef";

TablePtr people() {
  const std::vector<std::pair<std::string, std::vector<std::string>>> columns = {
      {"RecordId", {"r1", "r2", "r3"}},
      {"FirstName", {"Elena", "Zoë", ""}},
      {"LastName", {"Vasquez", "O'Brien", "Nobody"}},
      {"BirthDate", {"1980-05-17", "1968-03-31", "1990-02-30"}},
      {"Sex", {"Female", "F", "x"}},
      {"PostalCode", {"98052", "10001", "00000"}},
      {"SocialSecurityNumber", {"223-55-7123", "219-09-9999", ""}}};
  arrow::FieldVector fields;
  arrow::ArrayVector arrays;
  for (const auto& [name, values] : columns) {
    arrow::StringBuilder builder;
    EXPECT_TRUE(builder.AppendValues(values).ok());
    fields.push_back(arrow::field(name, arrow::utf8()));
    arrays.push_back(builder.Finish().ValueOrDie());
  }
  return arrow::Table::Make(arrow::schema(fields), arrays);
}

TokenizeTask hash_task() {
  TokenizeTask task;
  task.options.mode = TokenMode::kHash;
  task.options.today = "2026-11-20";
  task.hashing_secret.variable = "LINKWRIGHT_TEST_HASHING_SECRET";
  task.encryption_key.variable = "LINKWRIGHT_TEST_ENCRYPTION_KEY";
  return task;
}

Json json_of(const TokenizeTask& task, const std::string& operation = "tokenize") {
  Json json = task.to_json();
  json["operation"] = operation;
  return json;
}

class TokenKernel : public testing::Test {
 protected:
  void SetUp() override {
    setenv("LINKWRIGHT_TEST_HASHING_SECRET", kSecret, 1);  // NOLINT(concurrency-mt-unsafe)
    setenv("LINKWRIGHT_TEST_ENCRYPTION_KEY", kKey, 1);     // NOLINT(concurrency-mt-unsafe)
  }
  void TearDown() override {
    unsetenv("LINKWRIGHT_TEST_HASHING_SECRET");  // NOLINT(concurrency-mt-unsafe)
    unsetenv("LINKWRIGHT_TEST_ENCRYPTION_KEY");  // NOLINT(concurrency-mt-unsafe)
  }

  static std::string error(const Json& task) { return test::run_kernel(task, people()).status().message(); }
};

std::vector<std::string> token_rows(const arrow::Table& table) {
  return test::sorted_rows(table, {"RuleId", "Token", "RecordId"});
}

TEST_F(TokenKernel, MakesTheTokensOfTheTokenizer) {
  TokenizeTask task = hash_task();
  TokenCounts counts;
  const auto tokenizer = Tokenizer::make(task.options, Secret(kSecret), Secret()).ValueOrDie();
  const auto batch = people()->CombineChunksToBatch().ValueOrDie();
  const auto expected = tokenizer->tokenize(*batch, &counts).ValueOrDie();
  const TablePtr rows = test::run_kernel(json_of(task), people()).ValueOrDie();
  const int64_t tokens = expected->num_rows();
  EXPECT_EQ(token_rows(*rows->Slice(0, tokens)), token_rows(*arrow::Table::FromRecordBatches({expected}).ValueOrDie()));

  const TablePtr counted = rows->Slice(tokens)->CombineChunks().ValueOrDie();
  std::map<std::string, int64_t> numbers;
  for (int64_t i = 0; i < counted->num_rows(); ++i) {
    const auto& names = static_cast<const arrow::StringArray&>(*counted->GetColumnByName("lw_count")->chunk(0));
    const auto& values = static_cast<const arrow::Int64Array&>(*counted->GetColumnByName("lw_rows")->chunk(0));
    EXPECT_TRUE(counted->GetColumnByName("Token")->chunk(0)->IsNull(i));
    numbers[names.GetString(i)] = values.Value(i);
  }
  EXPECT_EQ(numbers.at("rows"), 3);
  EXPECT_EQ(numbers.at("invalid_rows"), counts.rows_with_invalid_attributes);
  for (const auto& [rule, blank] : counts.blank_tokens) EXPECT_EQ(numbers.at("blank " + rule), blank) << rule;
  for (const auto& [type, invalid] : counts.invalid_attributes) EXPECT_EQ(numbers.at("invalid " + type), invalid);
}

TEST_F(TokenKernel, LeavesTheVariableForTheNextTask) {
  EXPECT_TRUE(test::run_kernel(json_of(hash_task()), people()).ok());
  EXPECT_TRUE(test::run_kernel(json_of(hash_task()), people()).ok());
}

TEST_F(TokenKernel, TellsTheHashesOfItsSecretsAndNoSecret) {
  TokenizeTask task = hash_task();
  task.options.mode = TokenMode::kEncrypt;
  const TablePtr rows = test::run_kernel(json_of(task, "secret_hashes"), people()).ValueOrDie();
  ASSERT_EQ(rows->num_rows(), 1);
  EXPECT_EQ(static_cast<const arrow::StringArray&>(*rows->column(0)->chunk(0)).GetString(0),
            Secret(kSecret).sha256_hex());
  EXPECT_EQ(static_cast<const arrow::StringArray&>(*rows->column(1)->chunk(0)).GetString(0), Secret(kKey).sha256_hex());
}

TEST_F(TokenKernel, RefusesToGoOnWithoutASecretOrWithAnother) {
  TokenizeTask task = hash_task();
  task.hashing_secret.sha256 = Secret("another").sha256_hex();
  EXPECT_THAT(error(json_of(task)), AllOf(HasSubstr("is not the one of the others"), Not(HasSubstr(kSecret))));
  task = hash_task();
  task.hashing_secret.variable = "LINKWRIGHT_TEST_NO_SUCH";
  EXPECT_THAT(error(json_of(task)), AllOf(HasSubstr("LINKWRIGHT_TEST_NO_SUCH"), HasSubstr("never sent")));
  task.hashing_secret.path = "/no/such/secret";
  EXPECT_THAT(error(json_of(task)), AllOf(HasSubstr("on executor"), HasSubstr("/no/such/secret")));
}

TEST_F(TokenKernel, HasNoSecretInItsTask) {
  const std::string text = json_of(hash_task()).dump();
  EXPECT_THAT(text, AllOf(HasSubstr("LINKWRIGHT_TEST_HASHING_SECRET"), Not(HasSubstr(kSecret))));
}

TEST_F(TokenKernel, ReadsBackATaskWithRulesAndFormat) {
  TokenizeTask task = hash_task();
  task.options.format = TokenFormat::kMatchToken;
  task.options.ring_id = "ring";
  task.options.rules = {TokenBuilder("T9").add("last_name", "T|U").build().ValueOrDie()};
  task.options.mode = TokenMode::kPlain;
  const TablePtr rows = test::run_kernel(json_of(task), people()).ValueOrDie();
  EXPECT_EQ(static_cast<const arrow::StringArray&>(*rows->GetColumnByName("Token")->chunk(0)).GetString(0), "VASQUEZ");
}

TEST_F(TokenKernel, RefusesAnUnknownOperationAndKey) {
  EXPECT_THAT(error(json_of(hash_task(), "predict")), HasSubstr("known: tokenize, secret_hashes"));
  Json more = json_of(hash_task());
  more["secret"] = "x";
  EXPECT_THAT(error(more), HasSubstr("secret"));
}

}  // namespace
}  // namespace linkwright
