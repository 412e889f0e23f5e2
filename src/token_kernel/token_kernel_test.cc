#include <arrow/builder.h>
#include <arrow/scalar.h>
#include <arrow/table.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <map>

#include "base/test_environment.h"
#include "kernel/test_kernel.h"
#include "linkwright/token.h"
#include "token_kernel/digest_task.h"
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
    environment_.set("LINKWRIGHT_TEST_HASHING_SECRET", kSecret);
    environment_.set("LINKWRIGHT_TEST_ENCRYPTION_KEY", kKey);
  }

  static std::string error(const Json& task) { return test::run_kernel(task, people()).status().message(); }

  test::ScopedEnvironment environment_;
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

DigestTask digest_task(bool has_key = true) {
  DigestTask task;
  task.dataset = "a.csv";
  task.rules = {"T1", "T2"};
  task.encryption_key = {"LINKWRIGHT_TEST_ENCRYPTION_KEY", "", has_key ? Secret(kKey).sha256_hex() : ""};
  return task;
}

using TokenRow = std::array<std::string, 3>;

TablePtr token_table(const std::vector<TokenRow>& rows) {
  arrow::FieldVector fields;
  arrow::ArrayVector arrays;
  for (size_t column = 0; column < 3; ++column) {
    arrow::StringBuilder builder;
    for (const TokenRow& row : rows) EXPECT_TRUE(builder.Append(row[column]).ok());
    fields.push_back(arrow::field(std::array{"RuleId", "Token", "RecordId"}[column], arrow::utf8()));
    arrays.push_back(builder.Finish().ValueOrDie());
  }
  arrow::Int64Builder numbers;
  for (size_t row = 0; row < rows.size(); ++row) EXPECT_TRUE(numbers.Append(static_cast<int64_t>(row) + 100).ok());
  fields.push_back(arrow::field("lw_row", arrow::int64()));
  arrays.push_back(numbers.Finish().ValueOrDie());
  return arrow::Table::Make(arrow::schema(fields), arrays);
}

Result<TablePtr> digests_of(const std::vector<TokenRow>& rows, const DigestTask& task = digest_task()) {
  Json json = task.to_json();
  json["operation"] = "digest_tokens";
  ARROW_ASSIGN_OR_RAISE(const TablePtr table, test::run_kernel(json, token_table(rows)));
  return table->CombineChunks();
}

// "" for null; digests as the letters a, b, ... in the order in which they come.
std::vector<std::string> shown(const TablePtr& table) {
  std::map<std::string, char> letters;
  std::vector<std::string> rows(static_cast<size_t>(table->num_rows()));
  for (int column = 0; column < table->num_columns(); ++column) {
    for (int64_t i = 0; i < table->num_rows(); ++i) {
      const auto value = table->column(column)->GetScalar(i).ValueOrDie();
      std::string text = value->is_valid ? value->ToString() : "";
      if (value->is_valid && value->type->id() == arrow::Type::BINARY) {
        text = letters.emplace(text, static_cast<char>('a' + letters.size())).first->second;
      }
      rows[static_cast<size_t>(i)] += (column == 0 ? "" : "|") + text;
    }
  }
  return rows;
}

TEST_F(TokenKernel, DigestsTheTokensOfRowsThatFollowEachOtherIntoOne) {
  const std::string blank(kBlankToken);
  const TablePtr table = digests_of({{"T1", "x", "1"},
                                     {"T2", "y", "1"},
                                     {"T3", "z", "1"},
                                     {"T1", "x", "1"},
                                     {"T1", "q", "1"},
                                     {"T2", blank, "2"},
                                     {"T3", "x", "3"},
                                     {"T1", "", "1"}})
                             .ValueOrDie();
  EXPECT_EQ(table->ColumnNames(),
            (std::vector<std::string>{"RecordId", "lw_row", "lw_t0", "lw_t1", "lw_count", "lw_rows"}));
  EXPECT_THAT(shown(table), testing::ElementsAre("1|100|a|c||", "1|104|b|||", "2|105||||", "3|106||||", "1|107||||",
                                                 "||||rows|8", "||||tokens|4", "||||undecrypted|0", "||||rule T1|4",
                                                 "||||rule T2|2", "||||rule T3|0"));
}

TEST_F(TokenKernel, DigestsEncryptedTokensAsWhatIsInThem) {
  TokenizerOptions options;
  options.mode = TokenMode::kEncrypt;
  TokenCounts counts;
  const auto batch = people()->CombineChunksToBatch().ValueOrDie();
  std::array<std::vector<TokenRow>, 2> rows;
  for (size_t i = 0; i < 2; ++i) {
    options.format = i == 0 ? TokenFormat::kEncryptedHash : TokenFormat::kMatchToken;
    const auto tokens = Tokenizer::make(options, Secret(kSecret), Secret(kKey)).ValueOrDie();
    const auto made = arrow::Table::FromRecordBatches({tokens->tokenize(*batch, &counts).ValueOrDie()}).ValueOrDie();
    for (int64_t row = 0; row < made->num_rows(); ++row) {
      for (int column = 0; column < 3; ++column) {
        if (column == 0) rows[i].emplace_back();
        rows[i].back()[static_cast<size_t>(column)] = made->column(column)->GetScalar(row).ValueOrDie()->ToString();
      }
    }
  }
  ASSERT_NE(rows[0][0][1], rows[1][0][1]);
  const TablePtr first = digests_of(rows[0]).ValueOrDie();
  EXPECT_TRUE(first->Equals(*digests_of(rows[1]).ValueOrDie()));
  EXPECT_FALSE(first->GetColumnByName("lw_t0")->chunk(0)->IsNull(0));

  EXPECT_THAT(digests_of(rows[0], digest_task(false)).status().message(),
              AllOf(HasSubstr("a.csv: the tokens are encrypted"), HasSubstr("in the environment of the executors")));
}

TEST_F(TokenKernel, CountsTokensThatTheKeyDoesNotOpen) {
  const TablePtr table = digests_of({{"T1", std::string(96, 'A'), "1"}, {"T1", "x", "1"}}).ValueOrDie();
  EXPECT_THAT(shown(table), testing::ElementsAre("1|100|a|||", "1|101|b|||", "||||rows|2", "||||tokens|2",
                                                 "||||undecrypted|1", "||||rule T1|2", "||||rule T2|0"));
}

TEST_F(TokenKernel, TakesBlankTokensForTokensWhereAsked) {
  DigestTask task = digest_task();
  task.blank_tokens_match = true;
  const TablePtr table =
      digests_of({{"T1", std::string(kBlankToken), "1"}, {"T1", std::string(kBlankToken), "2"}}, task).ValueOrDie();
  EXPECT_THAT(shown(table->Slice(0, 3)), testing::ElementsAre("1|100|a|||", "2|101|a|||", "||||rows|2"));
}

TEST_F(TokenKernel, RefusesToDigestWithAnotherKeyOrNone) {
  DigestTask task = digest_task();
  task.encryption_key.sha256 = Secret("another").sha256_hex();
  EXPECT_THAT(digests_of({}, task).status().message(), HasSubstr("is not the one of the others"));
  task = digest_task();
  task.encryption_key.variable = "LINKWRIGHT_TEST_NO_SUCH";
  EXPECT_THAT(digests_of({}, task).status().message(), HasSubstr("LINKWRIGHT_TEST_NO_SUCH"));
}

TEST_F(TokenKernel, TellsTheHashOfItsEncryptionKeyWhereItHasOne) {
  const auto hash_of = [](const DigestTask& task) -> Result<std::string> {
    Json json = task.to_json();
    json["operation"] = "encryption_key_hash";
    ARROW_ASSIGN_OR_RAISE(const TablePtr rows, test::run_kernel(json, people()));
    return static_cast<const arrow::StringArray&>(*rows->column(0)->chunk(0)).GetString(0);
  };
  DigestTask task = digest_task(false);
  EXPECT_EQ(hash_of(task).ValueOrDie(), Secret(kKey).sha256_hex());
  task.encryption_key.variable = "LINKWRIGHT_TEST_NO_SUCH";
  EXPECT_EQ(hash_of(task).ValueOrDie(), "");
  task.encryption_key.variable = "LINKWRIGHT_TEST_HASHING_SECRET";
  EXPECT_THAT(hash_of(task).status().message(), AllOf(HasSubstr("32"), Not(HasSubstr(kSecret))));
}

TEST_F(TokenKernel, RefusesAnUnknownOperationAndKey) {
  EXPECT_THAT(error(json_of(hash_task(), "predict")), HasSubstr("known: tokenize, secret_hashes, digest_tokens"));
  Json more = json_of(hash_task());
  more["secret"] = "x";
  EXPECT_THAT(error(more), HasSubstr("secret"));
}

}  // namespace
}  // namespace linkwright
