#include "io/table_writer.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/record_batch.h>
#include <arrow/scalar.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/thread_pool.h"
#include "io/table_reader.h"

namespace linkwright {
namespace {

std::shared_ptr<arrow::RecordBatch> sample() {
  arrow::StringBuilder texts;
  arrow::DoubleBuilder numbers;
  arrow::StringDictionary32Builder codes;
  for (const char* text : {"plain", "with, comma", "with \"quotes\"", "line\nbreak", ""}) {
    EXPECT_TRUE(texts.Append(text).ok());
    EXPECT_TRUE(numbers.Append(0.1).ok());
    EXPECT_TRUE(codes.Append("same").ok());
  }
  EXPECT_TRUE(texts.AppendNull().ok());
  EXPECT_TRUE(numbers.AppendNull().ok());
  EXPECT_TRUE(codes.AppendNull().ok());
  const arrow::ArrayVector arrays = {texts.Finish().ValueOrDie(), numbers.Finish().ValueOrDie(),
                                     codes.Finish().ValueOrDie()};
  return arrow::RecordBatch::Make(
      arrow::schema({arrow::field("text", arrays[0]->type()), arrow::field("n", arrays[1]->type()),
                     arrow::field("code", arrays[2]->type())}),
      6, arrays);
}

std::string text_of(const arrow::Scalar& scalar) {
  if (scalar.type->id() != arrow::Type::DICTIONARY) return scalar.ToString();
  return static_cast<const arrow::DictionaryScalar&>(scalar).GetEncodedValue().ValueOrDie()->ToString();
}

std::string content_of(const std::string& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

class Writers : public testing::TestWithParam<FileFormat> {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("linkwright-writer-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
    static constexpr const char* kEndings[] = {".parquet", ".csv", ".ndjson"};
    path_ = (folder_ / (std::string("out") + kEndings[static_cast<int>(GetParam())])).string();
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  size_t files() const { return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(folder_), {})); }
  Status write() const {
    const auto batch = sample();
    ARROW_ASSIGN_OR_RAISE(const auto writer, TableWriter::open(path_, GetParam(), batch->schema()));
    ARROW_RETURN_NOT_OK(writer->write(*batch));
    return writer->finish();
  }

  std::filesystem::path folder_;
  std::string path_;
};
INSTANTIATE_TEST_SUITE_P(Formats, Writers,
                         testing::Values(FileFormat::kParquet, FileFormat::kCsv, FileFormat::kNdjson));

TEST_P(Writers, WriteWhatReadsBack) {
  ASSERT_TRUE(write().ok());
  ThreadPool pool(1);
  const auto table = read_tables({path_}, {}, pool, nullptr).ValueOrDie();
  ASSERT_EQ(table->num_rows(), 6);
  for (int64_t row = 0; row < 6; ++row) {
    for (int column = 0; column < 3; ++column) {
      const auto expected = sample()->column(column)->GetScalar(row).ValueOrDie();
      const auto found = table->column(column)->GetScalar(row).ValueOrDie();
      ASSERT_EQ(found->is_valid, expected->is_valid) << row << "," << column;
      if (column == 0 && expected->is_valid) {
        EXPECT_EQ(text_of(*found), text_of(*expected));
      }
    }
  }
}

TEST_P(Writers, GiveTheSameBytesForTheSameBatches) {
  ASSERT_TRUE(write().ok());
  const std::string first = content_of(path_);
  ASSERT_TRUE(write().ok());
  EXPECT_EQ(content_of(path_), first);
}

TEST_P(Writers, LeaveNothingBehindWhenNotFinished) {
  {
    const auto batch = sample();
    const auto writer = TableWriter::open(path_, GetParam(), batch->schema()).ValueOrDie();
    ASSERT_TRUE(writer->write(*batch).ok());
    EXPECT_FALSE(std::filesystem::exists(path_));
  }
  EXPECT_EQ(files(), 0u);
}

TEST_P(Writers, KeepTheOlderFileUntilTheNewOneIsWhole) {
  std::ofstream(path_) << "older";
  {
    const auto batch = sample();
    const auto writer = TableWriter::open(path_, GetParam(), batch->schema()).ValueOrDie();
    ASSERT_TRUE(writer->write(*batch).ok());
  }
  EXPECT_EQ(content_of(path_), "older");
}

TEST_P(Writers, NameTheFileTheyCannotWrite) {
  path_ = "/proc/no/such/folder/out";
  EXPECT_THAT(write().message(), testing::HasSubstr("cannot write /proc/no/such/folder/out"));
}

TEST(ParquetWriter, GivesTheSameBytesForAnyNumberOfThreads) {
  const auto path =
      (std::filesystem::temp_directory_path() / ("linkwright-threads-" + std::to_string(::getpid()) + ".parquet"))
          .string();
  const auto batch = sample();
  const auto bytes = [&](int threads) {
    const auto writer =
        TableWriter::open(path, FileFormat::kParquet, batch->schema(), {.threads = threads, .text_repeats = false})
            .ValueOrDie();
    for (int i = 0; i < 50; ++i) EXPECT_TRUE(writer->write(*batch).ok());
    EXPECT_TRUE(writer->finish().ok());
    return content_of(path);
  };
  const std::string one = bytes(1);
  EXPECT_EQ(bytes(2), one);
  EXPECT_EQ(bytes(7), one);
  std::filesystem::remove(path);
}

// Codes mean other values from one batch to the next; a writer that took them for the same column's codes would mix
// them up.
TEST(ParquetWriter, KeepsValuesWhenTheDictionaryChanges) {
  const auto path =
      (std::filesystem::temp_directory_path() / ("linkwright-codes-" + std::to_string(::getpid()) + ".parquet"))
          .string();
  const auto coded = [](const char* value) {
    arrow::StringDictionary32Builder codes;
    EXPECT_TRUE(codes.Append(value).ok());
    return codes.Finish().ValueOrDie();
  };
  const auto schema = arrow::schema({arrow::field("code", arrow::dictionary(arrow::int32(), arrow::utf8()))});
  const auto writer = TableWriter::open(path, FileFormat::kParquet, schema).ValueOrDie();
  for (const char* value : {"first", "second"}) {
    ASSERT_TRUE(writer->write(*arrow::RecordBatch::Make(schema, 1, {coded(value)})).ok());
  }
  ASSERT_TRUE(writer->finish().ok());
  ThreadPool pool(1);
  const auto table = read_tables({path}, {}, pool, nullptr).ValueOrDie();
  ASSERT_EQ(table->num_rows(), 2);
  EXPECT_EQ(text_of(*table->column(0)->GetScalar(0).ValueOrDie()), "first");
  EXPECT_EQ(text_of(*table->column(0)->GetScalar(1).ValueOrDie()), "second");
  std::filesystem::remove(path);
}

TEST(CsvWriter, KeepsNullAndEmptyTextApart) {
  const auto path =
      (std::filesystem::temp_directory_path() / ("linkwright-null-" + std::to_string(::getpid()) + ".csv")).string();
  const auto batch = sample();
  const auto writer = TableWriter::open(path, FileFormat::kCsv, batch->schema()).ValueOrDie();
  ASSERT_TRUE(writer->write(*batch).ok());
  ASSERT_TRUE(writer->finish().ok());
  EXPECT_EQ(content_of(path),
            "text,n,code\nplain,0.1,same\n\"with, comma\",0.1,same\n\"with "
            "\"\"quotes\"\"\",0.1,same\n\"line\nbreak\",0.1,same\n"
            "\"\",0.1,same\n,,\n");
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace linkwright
