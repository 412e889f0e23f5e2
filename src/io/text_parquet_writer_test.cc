#include "io/text_parquet_writer.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/scalar.h>
#include <arrow/table.h>
#include <gtest/gtest.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>

#include <filesystem>
#include <random>

#include "io/parquet_reader.h"

namespace linkwright {
namespace {

class TextParquet : public testing::Test {
 protected:
  ~TextParquet() override { std::filesystem::remove(path_); }

  static PlainTexts texts(const std::vector<std::string>& rows) {
    PlainTexts out;
    for (const std::string& row : rows) out.append(row);
    return out;
  }

  /// What Arrow reads of a column.
  std::vector<std::string> column(const std::string& name) const {
    const auto batches = ParquetBatches::open(path_, {name}, 1000).ValueOrDie();
    std::vector<std::string> out;
    while (const auto batch = batches->next().ValueOrDie()) {
      const auto& array = *batch->column(0);
      for (int64_t i = 0; i < array.length(); ++i) out.push_back(array.GetScalar(i).ValueOrDie()->ToString());
    }
    return out;
  }

  const std::string path_ = std::filesystem::path(testing::TempDir()) /
                            ("linkwright_text_" + std::to_string(std::random_device()()) + ".parquet");
};

TEST_F(TextParquet, IsReadByArrowAsItWasWritten) {
  std::mt19937_64 random(20261120);
  const auto writer = TextParquetWriter::open(path_, {"plain", "coded"}).ValueOrDie();
  std::vector<std::string> expected_plain;
  std::vector<std::string> expected_coded;
  // Dictionaries of every width of codes up to 13 bits, rows that do and do not fill groups of eight, and more groups
  // than a short list of the footer holds.
  for (const size_t distinct : {1, 2, 3, 4, 5, 8, 9, 17, 33, 64, 65, 129, 257, 513, 1025, 2049, 4097, 5000}) {
    std::vector<std::string> dictionary;
    for (size_t i = 0; i < distinct; ++i) dictionary.push_back("text " + std::to_string(random() % 1'000'000));
    std::vector<std::string> plain;
    std::vector<uint32_t> codes;
    for (size_t row = 0; row < 1 + random() % 9000; ++row) {
      plain.emplace_back(random() % 30, static_cast<char>('a' + row % 26));
      codes.push_back(static_cast<uint32_t>(random() % distinct));
      expected_coded.push_back(dictionary[codes.back()]);
    }
    expected_plain.insert(expected_plain.end(), plain.begin(), plain.end());
    std::vector<TextParquetChunk> chunks;
    chunks.push_back(TextParquetChunk::plain(texts(plain)));
    chunks.push_back(TextParquetChunk::coded(texts(dictionary), codes));
    ASSERT_TRUE(writer->write(chunks).ok());
  }
  EXPECT_FALSE(std::filesystem::exists(path_)) << "before it is whole";
  ASSERT_TRUE(writer->finish().ok());
  EXPECT_EQ(column("plain") == expected_plain, true);
  EXPECT_EQ(column("coded") == expected_coded, true);
}

TEST_F(TextParquet, DescribesItsColumnsAsTextThatIsNeverNull) {
  const auto writer = TextParquetWriter::open(path_, {"one", "two"}).ValueOrDie();
  std::vector<TextParquetChunk> chunks;
  chunks.push_back(TextParquetChunk::plain(texts({"a", "", "ccc"})));
  chunks.push_back(TextParquetChunk::coded(texts({"x", "y"}), {0, 1, 1}));
  ASSERT_TRUE(writer->write(chunks).ok());
  ASSERT_TRUE(writer->finish().ok());
  const auto metadata = parquet::ParquetFileReader::OpenFile(path_)->metadata();
  EXPECT_EQ(metadata->num_rows(), 3);
  EXPECT_EQ(metadata->created_by(), "linkwright");
  EXPECT_EQ(metadata->schema()->ToString(),
            "required group field_id=-1 schema {\n  required binary field_id=-1 one (String);\n"
            "  required binary field_id=-1 two (String);\n}\n");
  const auto two = metadata->RowGroup(0)->ColumnChunk(1);
  EXPECT_TRUE(two->has_dictionary_page());
  EXPECT_EQ(two->num_values(), 3);
  EXPECT_FALSE(two->is_stats_set());
}

TEST_F(TextParquet, OfNoRowsHasItsColumns) {
  const auto writer = TextParquetWriter::open(path_, {"one", "two"}).ValueOrDie();
  std::vector<TextParquetChunk> none;
  none.push_back(TextParquetChunk::plain({}));
  none.push_back(TextParquetChunk::coded({}, {}));
  ASSERT_TRUE(writer->write(none).ok());
  ASSERT_TRUE(writer->finish().ok());
  EXPECT_EQ(read_parquet(path_, false).ValueOrDie()->num_rows(), 0);
  EXPECT_EQ(read_parquet(path_, false).ValueOrDie()->num_columns(), 2);
}

TEST_F(TextParquet, LeavesNothingWhenItIsNotFinished) {
  { const auto writer = TextParquetWriter::open(path_, {"one"}).ValueOrDie(); }
  EXPECT_FALSE(std::filesystem::exists(path_));
}

}  // namespace
}  // namespace linkwright
