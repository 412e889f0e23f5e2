#include "token/token_files.h"

#include <arrow/array/builder_binary.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/io/compressed.h>
#include <arrow/io/file.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <arrow/util/compression.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/test_environment.h"
#include "token/reference_vectors.h"
#include "token/secret_source.h"

namespace linkwright {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class TokenFiles : public testing::Test {
 protected:
  TokenFiles()
      : folder_(std::filesystem::path(testing::TempDir()) / ("linkwright_token_files_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
    options_.mode = TokenMode::kHash;
    options_.today = "2026-11-20";
  }
  ~TokenFiles() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ / name; }
  static std::string vector(const std::string& name) { return reference_vectors_dir() / "cli" / name; }

  std::string write(const std::string& name, const std::string& content) const {
    std::ofstream(path(name), std::ios::binary) << content;
    return path(name);
  }

  std::shared_ptr<const Tokenizer> tokenizer() const {
    return Tokenizer::make(options_, Secret("HashingKey"), Secret(kKey)).ValueOrDie();
  }

  Result<TokenizeReport> tokenize(const std::string& input, const std::string& output) {
    return tokenize_files({{input}}, path(output), *tokenizer(), {pool_});
  }

  /// What the tokens of a file are, as text of the output file.
  std::string tokens_of(const std::string& input) {
    const auto report = tokenize(input, "out.csv");
    return report.ok() ? read_file(path("out.csv")) : report.status().ToString();
  }

  nlohmann::json metadata() const { return nlohmann::json::parse(read_file(path("out.metadata.json"))); }

  static constexpr std::string_view kKey = "Secret-Encryption-Key-Goes-Here.";
  std::filesystem::path folder_;
  ThreadPool pool_{2};
  TokenizerOptions options_;
};

TEST_F(TokenFiles, EqualTheJavaCommandLineOnItsCornerCases) {
  for (const char* name : {"sample", "aliases", "aliases2", "headerspace", "empty", "headeronly"}) {
    EXPECT_EQ(tokens_of(vector(std::string(name) + ".csv")), read_file(vector(std::string(name) + ".java1.hash.csv")))
        << name;
  }
}

// The last record of the case has no id, so both sides made one up.
TEST_F(TokenFiles, EqualTheJavaCommandLineOnQuotesShortRowsAndLineEnds) {
  const std::string ours = tokens_of(vector("syntax.csv"));
  const std::string theirs = read_file(vector("syntax.java1.hash.csv"));
  constexpr size_t kUuid = 36;
  ASSERT_EQ(ours.size(), theirs.size());
  const size_t last_record = theirs.find("\"\"7\"\n", theirs.find("T5,TTKi")) + 5;
  EXPECT_EQ(ours.substr(0, last_record), theirs.substr(0, last_record));
  EXPECT_NE(ours.substr(ours.size() - kUuid - 1), theirs.substr(theirs.size() - kUuid - 1));
}

TEST_F(TokenFiles, EqualTheSecondCommandLineWithAndWithoutASecret) {
  options_.profile = TokenProfile::kJava21;
  EXPECT_EQ(tokens_of(vector("sample.csv")), read_file(vector("sample.olt.hmac.csv")));
  options_.mode = TokenMode::kSha256;
  EXPECT_EQ(tokens_of(vector("sample.csv")), read_file(vector("sample.olt.hashonly.csv")));
}

TEST_F(TokenFiles, ReadParquetAsTheyReadCsv) {
  EXPECT_EQ(tokens_of(vector("sample.parquet")), read_file(vector("sample.java1.fromparquet.csv")));
}

TEST_F(TokenFiles, OpenWhatTheReferenceEncryptedAndWhatTheyEncrypted) {
  const Secret key(kKey);
  ASSERT_TRUE(
      detokenize_file(vector("sample.java1.enc.csv"), path("theirs.csv"), TokenProfile::kJava113, key, {pool_}).ok());
  EXPECT_EQ(read_file(path("theirs.csv")), read_file(vector("sample.java1.dec.csv")));
  options_.mode = TokenMode::kEncrypt;
  for (TokenFormat format : {TokenFormat::kEncryptedHash, TokenFormat::kMatchToken}) {
    options_.format = format;
    ASSERT_TRUE(tokenize(vector("sample.csv"), "ours.parquet").ok());
    const auto report = detokenize_file(path("ours.parquet"), path("ours.csv"), TokenProfile::kJava113, key, {pool_});
    ASSERT_TRUE(report.ok()) << report.status().ToString();
    EXPECT_EQ(report->blank, 30);
    EXPECT_EQ(read_file(path("ours.csv")), read_file(vector("sample.java1.dec.csv")));
  }
}

TEST_F(TokenFiles, StripAByteOrderMark) {
  EXPECT_EQ(tokens_of(vector("bom.csv")).find(std::string(64, '0')), std::string::npos);
}

TEST_F(TokenFiles, RefuseTwoColumnsForOneAttribute) {
  const std::string message = tokens_of(vector("dup.csv"));
  EXPECT_NE(message.find("'PostalCode' and 'ZIP3'"), std::string::npos) << message;
  EXPECT_FALSE(std::filesystem::exists(path("out.csv")));
}

TEST_F(TokenFiles, WarnWhenNothingIsRecognised) {
  const auto report = tokenize(vector("semi.csv"), "out.csv");
  ASSERT_TRUE(report.ok());
  ASSERT_EQ(report->warnings.size(), 1U);
  EXPECT_NE(report->warnings[0].find("semicolons"), std::string::npos) << report->warnings[0];
}

TEST_F(TokenFiles, WarnOfANameThatOnlyAnotherProfileKnows) {
  const std::string input = write("ssn.csv", "RecordId,FirstName,LastName,BirthDate,Sex,PostalCode,SSN\n");
  const auto report = tokenize(input, "out.csv");
  ASSERT_TRUE(report.ok());
  ASSERT_EQ(report->warnings.size(), 2U);
  EXPECT_NE(report->warnings[1].find("column 'SSN' is ignored: the profile java-1.13"), std::string::npos)
      << report->warnings[1];
  options_.profile = TokenProfile::kPython22;
  EXPECT_TRUE(tokenize(input, "out.csv")->warnings.empty());
}

TEST_F(TokenFiles, NameTheLineThatIsNotUtf8AndLeaveNoOutput) {
  const std::string message = tokens_of(write("latin1.csv", "RecordId,FirstName\n1,John\n2,Jos\xe9\n"));
  EXPECT_NE(message.find("line 3"), std::string::npos) << message;
  EXPECT_NE(message.find("iconv"), std::string::npos);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1) << "not even a temporary file";
}

TEST_F(TokenFiles, NameTheLineOfAQuoteThatIsNeverClosed) {
  const std::string message = tokens_of(write("quote.csv", "RecordId,FirstName\n1,John\n2,\"Mary\n3,Ann\n"));
  EXPECT_NE(message.find("line 3"), std::string::npos) << message;
}

TEST_F(TokenFiles, CountBadRowsAndGoOn) {
  const std::string input = write("people.csv",
                                  "RecordId,FirstName,LastName,BirthDate,Sex,PostalCode,SocialSecurityNumber\n"
                                  "1,N/A,Smith,1980-05-17,M,98101,172-10-0983\n"
                                  "2,John,Smith,2999-01-01,U,98101,000-00-0000\n");
  ASSERT_TRUE(tokenize(input, "out.csv").ok());
  const nlohmann::json json = metadata();
  EXPECT_EQ(json["TotalRows"], 2);
  EXPECT_EQ(json["InvalidAttributesByType"]["FirstName"], 1);
  EXPECT_EQ(json["InvalidAttributesByType"]["Sex"], 1);
  EXPECT_EQ(json["InvalidAttributesByType"]["SocialSecurityNumber"], 1);
  EXPECT_EQ(json["TotalRowsWithInvalidAttributes"], 4) << "1.x sums over the attributes";
  EXPECT_EQ(json["DistinctRowsWithInvalidAttributes"], 2);
  EXPECT_EQ(json["BlankTokensByRule"]["T4"], 1);
}

TEST_F(TokenFiles, ShowHashesOfTheSecretsAndNeverTheSecrets) {
  options_.mode = TokenMode::kEncrypt;
  ASSERT_TRUE(tokenize(vector("aliases.csv"), "out.csv").ok());
  const std::string text = read_file(path("out.metadata.json"));
  EXPECT_EQ(metadata()["HashingSecretHash"], "26ce1637d4a1e514cbf90ce0d73d7ea257342009083ab6f6e06cb434fb3a9d99");
  EXPECT_EQ(metadata()["Profile"], "java-1.13");
  EXPECT_EQ(text.find("HashingKey"), std::string::npos);
  EXPECT_EQ(text.find(kKey), std::string::npos);
}

TEST_F(TokenFiles, MakeTheSameTokensOfEveryFormatAndOfSeveralFiles) {
  const std::string header = "RecordId,GivenName,LastName,BirthDate,Sex,PostalCode,SocialSecurityNumber\n";
  const std::string john = "1,John,\"O\"\"Brien, Jr\",1980-05-17,M,98101,172-10-0983\n";
  const std::string mary = "2,Mary,Smith,,F,H2X 1Y4,\n";
  const std::string whole = tokens_of(write("people.csv", header + john + mary));
  EXPECT_EQ(std::count(whole.begin(), whole.end(), '\n'), 11) << whole;

  const std::string compressed = path("people.csv.gz");
  const auto codec = arrow::util::Codec::Create(arrow::Compression::GZIP).ValueOrDie();
  const auto stream =
      arrow::io::CompressedOutputStream::Make(codec.get(), arrow::io::FileOutputStream::Open(compressed).ValueOrDie())
          .ValueOrDie();
  ASSERT_TRUE(stream->Write(header + john + mary).ok() && stream->Close().ok());
  EXPECT_EQ(tokens_of(compressed), whole);

  const std::string json_john =
      R"({"RecordId": 1, "GivenName": "John", "LastName": "O\"Brien, Jr", "BirthDate": "1980-05-17", "Sex": "M",)"
      R"( "PostalCode": 98101, "SocialSecurityNumber": "172-10-0983"})";
  const std::string json_mary =
      R"({"RecordId": "2", "GivenName": "Mary", "LastName": "Smith", "Sex": "F", "PostalCode": "H2X 1Y4"})";
  EXPECT_EQ(tokens_of(write("people.ndjson", json_john + "\n" + json_mary + "\n")), whole);
  EXPECT_EQ(tokens_of(write("people.json", "[" + json_john + ",\n" + json_mary + "]")), whole);

  write("part1.csv", header + john);
  write("part2.csv", "Sex,Id,FirstName,Surname,DateOfBirth,ZipCode,SocialSecurityNumber\nF,2,Mary,Smith,,H2X 1Y4,\n");
  EXPECT_EQ(tokens_of(path("part*.csv")), whole) << "each file has a header of its own";
}

TEST_F(TokenFiles, GiveTheSameBytesForAnyNumberOfThreads) {
  std::string people = "RecordId,FirstName,LastName,BirthDate,Sex,PostalCode,SocialSecurityNumber\n";
  for (int i = 0; i < 60000; ++i) people += std::to_string(i) + ",John,Smith,1980-05-17,M,98101,172-10-0983\n";
  const std::string input = write("many.csv", people);
  std::vector<std::string> outputs;
  for (int threads : {1, 4}) {
    ThreadPool pool(threads);
    ASSERT_TRUE(tokenize_files({{input}}, path("out.parquet"), *tokenizer(), {pool}).ok());
    outputs.push_back(read_file(path("out.parquet")));
  }
  EXPECT_EQ(outputs[0], outputs[1]);
}

TEST_F(TokenFiles, RefuseAKeyThatOpensNothing) {
  const auto report = detokenize_file(vector("sample.java1.enc.csv"), path("out.csv"), TokenProfile::kJava113,
                                      Secret(std::string(32, 'x')), {pool_});
  EXPECT_NE(report.status().message().find("none of 495"), std::string::npos) << report.status().ToString();
  EXPECT_FALSE(std::filesystem::exists(path("out.csv")));
}

TEST(TokenizerOptions, AreCheckedBeforeARowIsRead) {
  const auto error = [](const TokenizerOptions& options, std::string_view secret, std::string_view key) {
    return Tokenizer::make(options, Secret(secret), Secret(key)).status().message();
  };
  const std::string key(32, 'k');
  EXPECT_NE(error({}, "", key).find("LINKWRIGHT_HASHING_SECRET"), std::string::npos);
  EXPECT_NE(error({}, " \t", key).find("LINKWRIGHT_HASHING_SECRET"), std::string::npos);
  EXPECT_NE(error({}, "secret", "").find("LINKWRIGHT_ENCRYPTION_KEY"), std::string::npos);
  EXPECT_NE(error({}, "secret", "short key").find("9 bytes"), std::string::npos);
  EXPECT_EQ(error({}, "secret", "short key").find("short"), std::string::npos) << "never the key";
  EXPECT_NE(error({.today = "20-11-2026"}, "secret", key).find("20-11-2026"), std::string::npos);
  EXPECT_NE(error({.time_zone = "Nowhere"}, "secret", key).find("Nowhere"), std::string::npos);
  EXPECT_EQ(error({.mode = TokenMode::kPlain}, "", ""), "");
}

TEST(Tokenizer, TakesAndGivesRecordBatches) {
  arrow::StringBuilder first;
  arrow::StringBuilder last;
  arrow::Int64Builder zip;
  arrow::Date32Builder birth;
  ASSERT_TRUE(first.AppendValues({"John", "Mary"}).ok());
  ASSERT_TRUE(last.Append("Smith").ok());
  ASSERT_TRUE(last.AppendNull().ok());
  ASSERT_TRUE(zip.AppendValues({98101, 10001}).ok());
  ASSERT_TRUE(birth.AppendValues({3789, 3789}).ok());  // 1980-05-17
  const auto schema =
      arrow::schema({arrow::field("GIVENNAME", arrow::utf8()), arrow::field("surname", arrow::utf8()),
                     arrow::field("ZipCode", arrow::int64()), arrow::field("BirthDate", arrow::date32())});
  const auto people = arrow::RecordBatch::Make(schema, 2,
                                               {first.Finish().ValueOrDie(), last.Finish().ValueOrDie(),
                                                zip.Finish().ValueOrDie(), birth.Finish().ValueOrDie()});
  TokenizerOptions options;
  options.mode = TokenMode::kPlain;
  options.today = "2026-11-20";
  const auto tokenizer = Tokenizer::make(options, Secret(), Secret()).ValueOrDie();
  TokenCounts counts;
  const auto tokens = tokenizer->tokenize(*people, &counts).ValueOrDie();
  ASSERT_EQ(tokens->num_rows(), 10);
  EXPECT_TRUE(tokens->schema()->Equals(*Tokenizer::output_schema()));
  const auto& texts = static_cast<const arrow::StringArray&>(*tokens->column(1));
  EXPECT_EQ(texts.GetString(1), "SMITH|JOHN|1980-05-17|981");
  EXPECT_EQ(texts.GetString(6), kBlankToken);
  EXPECT_EQ(counts.rows, 2);
  EXPECT_EQ(counts.invalid_attributes["LastName"], 1) << "a null is invalid";
  EXPECT_EQ(tokenizer->tokenize(*people->Slice(0, 0), nullptr).ValueOrDie()->num_rows(), 0);
}

TEST(SecretSource, ReadsAVariableOnceAndWipesIt) {
  test::ScopedEnvironment environment;
  environment.set("LINKWRIGHT_TEST_SECRET", "from the environment");
  const SecretSource source{"test secret", "LINKWRIGHT_TEST_SECRET", "", 0};
  EXPECT_EQ(read_secret(source).ValueOrDie().bytes(), "from the environment");
  EXPECT_EQ(getenv("LINKWRIGHT_TEST_SECRET"), nullptr);
  EXPECT_TRUE(read_secret(source).ValueOrDie().empty());
}

TEST(SecretSource, ReadsAFileWithoutItsLineEnd) {
  const std::string path =
      std::filesystem::path(testing::TempDir()) / ("linkwright_secret_" + std::to_string(getpid()));
  std::ofstream(path) << " s\u00e9cret \n";
  EXPECT_EQ(read_secret({"test secret", "NONE", path, 0}).ValueOrDie().bytes(), " s\u00e9cret ");
  const std::string random_key = std::string(31, 'k') + "\n";
  std::ofstream(path) << random_key;
  EXPECT_EQ(read_secret({"test key", "NONE", path, 32}).ValueOrDie().bytes(), random_key) << "a byte of the key";
  std::ofstream(path) << random_key << "\n";
  EXPECT_EQ(read_secret({"test key", "NONE", path, 32}).ValueOrDie().bytes(), random_key);
  std::ofstream(path) << "\n";
  EXPECT_TRUE(read_secret({"test secret", "NONE", path, 0}).status().IsInvalid());
  std::filesystem::remove(path);
  EXPECT_TRUE(read_secret({"test secret", "NONE", path, 0}).status().IsIOError());
}

}  // namespace
}  // namespace linkwright
