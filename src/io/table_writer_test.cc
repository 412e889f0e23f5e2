#include "io/table_writer.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/chunked_array.h>
#include <arrow/io/file.h>
#include <arrow/record_batch.h>
#include <arrow/scalar.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/writer.h>

#include <filesystem>
#include <fstream>
#include <random>
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

constexpr const char* kFormatNames[] = {"parquet", "csv", "ndjson"};

class Writers : public testing::TestWithParam<FileFormat> {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("linkwright-writer-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
    path_ = (folder_ / (std::string("out.") + kFormatNames[static_cast<int>(GetParam())])).string();
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
INSTANTIATE_TEST_SUITE_P(Formats, Writers, testing::Values(FileFormat::kParquet, FileFormat::kCsv, FileFormat::kNdjson),
                         [](const auto& format) { return std::string(kFormatNames[static_cast<int>(format.param)]); });

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

// A batch has more rows than a thread takes at once.
TEST_P(Writers, GiveTheSameBytesForAnyNumberOfThreads) {
  const std::vector<std::shared_ptr<arrow::RecordBatch>> repeated(1000, sample());
  const auto batch = arrow::ConcatenateRecordBatches(repeated).ValueOrDie();
  const auto bytes = [&](int threads) {
    const auto writer =
        TableWriter::open(path_, GetParam(), batch->schema(), {.threads = threads, .text_repeats = false}).ValueOrDie();
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(writer->write(*batch).ok());
    EXPECT_TRUE(writer->finish().ok());
    return content_of(path_);
  };
  const std::string one = bytes(1);
  EXPECT_EQ(bytes(2), one);
  EXPECT_EQ(bytes(7), one);
  if (GetParam() == FileFormat::kParquet) return;
  const std::string line = one.substr(one.find("plain"), one.find('\n', one.find("plain")) - one.find("plain"));
  size_t lines = 0;
  for (size_t at = one.find(line); at != std::string::npos; at = one.find(line, at + 1)) ++lines;
  EXPECT_EQ(lines, 5'000u);
}

// What a reader sees, whatever the encoding.
std::shared_ptr<arrow::Table> read_plain(const std::string& path) {
  auto file = arrow::io::ReadableFile::Open(path).ValueOrDie();
  auto reader = parquet::arrow::OpenFile(std::move(file), arrow::default_memory_pool()).ValueOrDie();
  return reader->ReadTable().ValueOrDie()->CombineChunks().ValueOrDie();
}

class CodedParquet : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }

  // Writes the batches, and reads what Arrow's own writer makes of the same values without dictionaries.
  void expect_as_plain(const std::vector<std::shared_ptr<arrow::Array>>& arrays, int threads = 1) const {
    const auto coded = arrow::schema({arrow::field("c", arrays[0]->type())});
    const auto writer = TableWriter::open(path_, FileFormat::kParquet, coded, {.threads = threads}).ValueOrDie();
    arrow::ArrayVector plain;
    for (const auto& array : arrays) {
      ASSERT_TRUE(writer->write(*arrow::RecordBatch::Make(coded, array->length(), {array})).ok());
      plain.push_back(decoded(static_cast<const arrow::DictionaryArray&>(*array)));
    }
    ASSERT_TRUE(writer->finish().ok());
    const auto table = arrow::Table::Make(arrow::schema({arrow::field("c", plain[0]->type())}),
                                          {std::make_shared<arrow::ChunkedArray>(plain)});
    const std::string arrows = path_ + ".arrow";
    auto stream = arrow::io::FileOutputStream::Open(arrows).ValueOrDie();
    ASSERT_TRUE(parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), stream).ok());
    ASSERT_TRUE(stream->Close().ok());
    const auto expected = read_plain(arrows);
    std::filesystem::remove(arrows);
    const auto found = read_plain(path_);
    EXPECT_TRUE(found->schema()->Equals(*expected->schema())) << found->schema()->ToString();
    EXPECT_TRUE(found->Equals(*expected));
    EXPECT_TRUE(found->ValidateFull().ok());
  }

  static std::shared_ptr<arrow::Array> decoded(const arrow::DictionaryArray& coded) {
    const auto builder = arrow::MakeBuilder(coded.dictionary()->type()).ValueOrDie();
    for (int64_t row = 0; row < coded.length(); ++row) {
      EXPECT_TRUE((coded.IsNull(row)
                       ? builder->AppendNull()
                       : builder->AppendArraySlice(*coded.dictionary()->data(), coded.GetValueIndex(row), 1))
                      .ok());
    }
    return builder->Finish().ValueOrDie();
  }

  static std::shared_ptr<arrow::Array> coded(const std::vector<int32_t>& codes,
                                             const std::shared_ptr<arrow::Array>& dictionary) {
    arrow::Int32Builder indices;
    for (const int32_t code : codes) EXPECT_TRUE((code < 0 ? indices.AppendNull() : indices.Append(code)).ok());
    return std::make_shared<arrow::DictionaryArray>(arrow::dictionary(arrow::int32(), dictionary->type()),
                                                    indices.Finish().ValueOrDie(), dictionary);
  }

  // Runs, repeats and values that come once, so that pages have all kinds of stretches.
  static std::vector<int32_t> codes_below(int32_t count, size_t size, int32_t nulls_in) {
    std::mt19937 random(5);
    std::vector<int32_t> codes;
    while (codes.size() < size) {
      const auto code = static_cast<int32_t>(random() % static_cast<uint32_t>(count));
      const size_t length = random() % 4 == 0 ? random() % 40 : 1;
      const bool is_null = nulls_in > 0 && random() % static_cast<uint32_t>(nulls_in) == 0;
      codes.insert(codes.end(), length, is_null ? -1 : code);
    }
    codes.resize(size);
    return codes;
  }

  template <typename Builder, typename Make>
  static std::shared_ptr<arrow::Array> dictionary_of(Builder builder, int32_t count, const Make& make) {
    for (int32_t k = 0; k < count; ++k) EXPECT_TRUE(builder.Append(make(k)).ok());
    return builder.Finish().ValueOrDie();
  }
  static std::shared_ptr<arrow::Array> texts(int32_t count) {
    return dictionary_of(arrow::StringBuilder(), count,
                         [](int32_t k) { return std::string(k % 50, 'x') + std::to_string(k); });
  }

  const std::string path_ =
      (std::filesystem::temp_directory_path() / ("linkwright-coded-" + std::to_string(::getpid()) + ".parquet"))
          .string();
};

TEST_F(CodedParquet, ReadsBackAsThePlainValuesOfEveryType) {
  const auto pool = arrow::default_memory_pool();
  const auto number = [](int32_t k) { return k * 1000003; };
  const std::vector<std::shared_ptr<arrow::Array>> dictionaries = {
      texts(700),
      dictionary_of(arrow::LargeStringBuilder(), 700, [](int32_t k) { return std::to_string(k); }),
      dictionary_of(arrow::Int32Builder(), 700, number),
      dictionary_of(arrow::Int64Builder(), 700, number),
      dictionary_of(arrow::FloatBuilder(), 700, [](int32_t k) { return static_cast<float>(k) / 3; }),
      dictionary_of(arrow::DoubleBuilder(), 700, [](int32_t k) { return k / 3.0; }),
      dictionary_of(arrow::Date32Builder(), 700, number),
      dictionary_of(arrow::TimestampBuilder(arrow::timestamp(arrow::TimeUnit::MICRO), pool), 700, number),
      dictionary_of(arrow::TimestampBuilder(arrow::timestamp(arrow::TimeUnit::SECOND), pool), 700, number),
      dictionary_of(arrow::BinaryBuilder(), 700, [](int32_t k) { return std::to_string(k); })};
  for (const auto& dictionary : dictionaries) {
    SCOPED_TRACE(dictionary->type()->ToString());
    expect_as_plain({coded(codes_below(700, 5000, 7), dictionary)});
  }
}

// More rows than a page and than a row group have, in batches that end inside of both.
TEST_F(CodedParquet, ReadsBackOverPagesAndRowGroups) {
  const auto dictionary = texts(30'000);
  const auto rows = coded(codes_below(30'000, 600'000, 9), dictionary);
  arrow::ArrayVector batches;
  for (const auto& [begin, length] : {std::pair<int64_t, int64_t>{0, 10}, {10, 300'000}, {300'010, 299'990}}) {
    batches.push_back(rows->Slice(begin, length));
  }
  expect_as_plain(batches);
  expect_as_plain(batches, 3);
}

TEST_F(CodedParquet, ReadsBackWhereTheFirstNullComesLateInAPage) {
  const auto dictionary = texts(3);
  expect_as_plain({coded({0, 1, 2, 1}, dictionary), coded({1, -1, 2}, dictionary), coded({0, 0}, dictionary)});
}

TEST_F(CodedParquet, ReadsBackNothingButNulls) {
  expect_as_plain({coded(std::vector<int32_t>(1000, -1), texts(3))});
  expect_as_plain({coded({-1, -1}, texts(0))});
}

TEST_F(CodedParquet, ReadsBackNoRows) { expect_as_plain({coded({}, texts(3))}); }

TEST_F(CodedParquet, ReadsBackASlicedDictionary) {
  expect_as_plain({coded({0, 1, 1, 2}, texts(10)->Slice(4, 3))});
  expect_as_plain(
      {coded({0, 1, 1, 2}, dictionary_of(arrow::DoubleBuilder(), 9, [](int32_t k) { return k; })->Slice(4, 3))});
}

TEST_F(CodedParquet, KeepsOnlyTheValuesThatARowGroupHas) {
  const auto dictionary = texts(100'000);
  const auto schema = arrow::schema({arrow::field("c", arrow::dictionary(arrow::int32(), arrow::utf8()))});
  const auto writer = TableWriter::open(path_, FileFormat::kParquet, schema).ValueOrDie();
  ASSERT_TRUE(writer->write(*arrow::RecordBatch::Make(schema, 3, {coded({99'999, 5, 99'999}, dictionary)})).ok());
  ASSERT_TRUE(writer->finish().ok());
  EXPECT_LT(std::filesystem::file_size(path_), 1000u);
  EXPECT_EQ(read_plain(path_)->num_rows(), 3);
}

TEST_F(CodedParquet, RefusesADictionaryWithNulls) {
  arrow::StringBuilder builder;
  ASSERT_TRUE(builder.AppendNull().ok());
  const auto rows = coded({0}, builder.Finish().ValueOrDie());
  const auto schema = arrow::schema({arrow::field("c", rows->type())});
  const auto writer = TableWriter::open(path_, FileFormat::kParquet, schema).ValueOrDie();
  EXPECT_THAT(writer->write(*arrow::RecordBatch::Make(schema, 1, {rows})).message(),
              testing::HasSubstr("a dictionary holds a null"));
}

// Codes beside what only the library encodes: the same rows, whichever writes the file.
TEST_F(CodedParquet, StandsBesidePlainAndNestedColumns) {
  arrow::ListBuilder lists(arrow::default_memory_pool(), std::make_shared<arrow::StringBuilder>());
  auto& items = static_cast<arrow::StringBuilder&>(*lists.value_builder());
  arrow::BooleanBuilder flags;
  for (int row = 0; row < 3; ++row) {
    ASSERT_TRUE(lists.Append().ok());
    ASSERT_TRUE(items.Append("item").ok());
    ASSERT_TRUE((row == 1 ? flags.AppendNull() : flags.Append(true)).ok());
  }
  const auto codes = coded({0, -1, 2}, dictionary_of(arrow::DoubleBuilder(), 3, [](int32_t k) { return k / 3.0; }));
  const auto flag_array = flags.Finish().ValueOrDie();
  const auto list_array = lists.Finish().ValueOrDie();
  for (const auto& beside : {flag_array, list_array}) {
    const auto schema = arrow::schema({arrow::field("c", codes->type()), arrow::field("beside", beside->type())});
    const auto writer = TableWriter::open(path_, FileFormat::kParquet, schema).ValueOrDie();
    ASSERT_TRUE(writer->write(*arrow::RecordBatch::Make(schema, 3, {codes, beside})).ok());
    ASSERT_TRUE(writer->finish().ok());
    const auto table = read_plain(path_);
    EXPECT_TRUE(table->column(0)->chunk(0)->Equals(*decoded(static_cast<const arrow::DictionaryArray&>(*codes))));
    EXPECT_TRUE(table->column(1)->chunk(0)->Equals(*beside)) << table->column(1)->ToString();
  }
}

// Numbers over the indices of another column take its pages, until a batch has indices of its own.
TEST_F(CodedParquet, ReadsBackColumnsOverTheSameIndices) {
  const auto numbers = dictionary_of(arrow::DoubleBuilder(), 3000, [](int32_t k) { return k / 3.0; });
  const auto repeated = dictionary_of(arrow::Int32Builder(), 3000, [](int32_t k) { return k / 2; });
  const auto over = [](const std::shared_ptr<arrow::Array>& indices, const std::shared_ptr<arrow::Array>& dictionary) {
    return std::static_pointer_cast<arrow::Array>(std::make_shared<arrow::DictionaryArray>(
        arrow::dictionary(arrow::int32(), dictionary->type()), indices, dictionary));
  };
  const auto indices_of = [](const std::shared_ptr<arrow::Array>& rows) {
    return static_cast<const arrow::DictionaryArray&>(*rows).indices();
  };
  const auto names = texts(3000);
  const auto row_group = coded(codes_below(3000, 300'000, 5), names);
  const auto rest = coded(codes_below(3000, 50'000, 5), names);
  const auto others = coded(codes_below(3000, 50'000, 7), names);
  std::vector<arrow::ArrayVector> batches;
  for (const auto& rows : {row_group, rest}) {
    batches.push_back({rows, over(indices_of(rows), numbers), over(indices_of(rows), repeated)});
  }
  batches.push_back({rest, over(indices_of(others), numbers), over(indices_of(rest), repeated)});
  const auto schema = arrow::schema({arrow::field("text", row_group->type()), arrow::field("n", batches[0][1]->type()),
                                     arrow::field("i", batches[0][2]->type())});
  for (const int threads : {1, 3}) {
    const auto writer = TableWriter::open(path_, FileFormat::kParquet, schema, {.threads = threads}).ValueOrDie();
    for (const arrow::ArrayVector& arrays : batches) {
      ASSERT_TRUE(writer->write(*arrow::RecordBatch::Make(schema, arrays[0]->length(), arrays)).ok());
    }
    ASSERT_TRUE(writer->finish().ok());
    const auto table = read_plain(path_)->CombineChunks().ValueOrDie();
    int64_t row = 0;
    for (const arrow::ArrayVector& arrays : batches) {
      for (int c = 0; c < 3; ++c) {
        const auto plain = decoded(static_cast<const arrow::DictionaryArray&>(*arrays[static_cast<size_t>(c)]));
        EXPECT_TRUE(table->column(c)->chunk(0)->Slice(row, plain->length())->Equals(*plain)) << row << ' ' << c;
      }
      row += arrays[0]->length();
    }
    EXPECT_EQ(table->num_rows(), row);
  }
}

// Text as it is, over many pages and two row groups, in batches that end inside of both.
class PlainText : public testing::TestWithParam<int> {
 protected:
  static constexpr int64_t kRows = 300'000;

  template <typename Builder = arrow::StringBuilder>
  static std::shared_ptr<arrow::Array> texts(bool with_nulls) {
    Builder builder;
    for (int64_t k = 0; k < kRows; ++k) {
      const bool is_null = with_nulls && k % 7 == 3;
      const std::string text = std::string(static_cast<size_t>(k % 23), 'x') + (k % 5 == 0 ? "" : std::to_string(k));
      EXPECT_TRUE((is_null ? builder.AppendNull() : builder.Append(text)).ok());
    }
    return builder.Finish().ValueOrDie();
  }
};
INSTANTIATE_TEST_SUITE_P(Threads, PlainText, testing::Values(1, 3));

TEST_P(PlainText, ReadsBack) {
  const auto path =
      (std::filesystem::temp_directory_path() / ("linkwright-plain-" + std::to_string(::getpid()) + ".parquet"))
          .string();
  const auto with_nulls = texts(true);
  const auto without = texts(false);
  const auto nothing = arrow::MakeArrayOfNull(arrow::utf8(), kRows).ValueOrDie();
  const auto schema =
      arrow::schema({arrow::field("some", arrow::utf8()), arrow::field("large", arrow::large_utf8()),
                     arrow::field("all", arrow::utf8(), /*nullable=*/false), arrow::field("none", arrow::utf8())});
  const auto rows =
      arrow::RecordBatch::Make(schema, kRows, {with_nulls, texts<arrow::LargeStringBuilder>(true), without, nothing});
  const auto writer =
      TableWriter::open(path, FileFormat::kParquet, schema, {.threads = GetParam(), .text_repeats = false})
          .ValueOrDie();
  for (const auto& [begin, length] : {std::pair<int64_t, int64_t>{0, 1}, {1, 0}, {1, 270'001}, {270'002, 29'998}}) {
    ASSERT_TRUE(writer->write(*rows->Slice(begin, length)).ok());
  }
  ASSERT_TRUE(writer->finish().ok());
  const auto table = read_plain(path);
  ASSERT_TRUE(table->ValidateFull().ok());
  const arrow::ArrayVector expected = {with_nulls, with_nulls, without, nothing};
  for (int c = 0; c < 4; ++c) {
    EXPECT_TRUE(table->column(c)->chunk(0)->Equals(*expected[static_cast<size_t>(c)])) << schema->field(c)->name();
  }
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

TEST(NdjsonWriter, WritesListsOfAnyKindAsArrays) {
  const auto path =
      (std::filesystem::temp_directory_path() / ("linkwright-lists-" + std::to_string(::getpid()) + ".ndjson"))
          .string();
  const auto pool = arrow::default_memory_pool();
  arrow::ListBuilder lists(pool, std::make_shared<arrow::Int64Builder>());
  arrow::FixedSizeListBuilder pairs(pool, std::make_shared<arrow::Int64Builder>(), 2);
  for (int64_t row = 0; row < 2; ++row) {
    ASSERT_TRUE(lists.Append().ok());
    ASSERT_TRUE(pairs.Append().ok());
    for (int64_t k = 0; k < 2; ++k) {
      ASSERT_TRUE(static_cast<arrow::Int64Builder*>(pairs.value_builder())->Append(10 * row + k).ok());
    }
  }
  ASSERT_TRUE(static_cast<arrow::Int64Builder*>(lists.value_builder())->Append(7).ok());
  ASSERT_TRUE(lists.AppendNull().ok());
  ASSERT_TRUE(pairs.AppendNull().ok());
  const arrow::ArrayVector arrays = {lists.Finish().ValueOrDie(), pairs.Finish().ValueOrDie()};
  const auto schema = arrow::schema({arrow::field("a", arrays[0]->type()), arrow::field("b", arrays[1]->type())});
  const auto writer = TableWriter::open(path, FileFormat::kNdjson, schema).ValueOrDie();
  ASSERT_TRUE(writer->write(*arrow::RecordBatch::Make(schema, 3, arrays)).ok());
  ASSERT_TRUE(writer->finish().ok());
  EXPECT_EQ(content_of(path), "{\"a\":[],\"b\":[0,1]}\n{\"a\":[7],\"b\":[10,11]}\n{\"a\":null,\"b\":null}\n");
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace linkwright
