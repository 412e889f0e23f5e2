#include "io/record_blocks.h"

#include <arrow/io/compressed.h>
#include <arrow/io/file.h>
#include <arrow/table.h>
#include <arrow/util/compression.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

#include "io/csv_records.h"
#include "io/json_blocks.h"

namespace linkwright {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class BlocksOfRecords : public testing::Test {
 protected:
  ~BlocksOfRecords() override { std::filesystem::remove(path_); }

  void write(const std::string& content) const { std::ofstream(path_, std::ios::binary) << content; }

  void write_compressed(const std::string& content, arrow::Compression::type type) const {
    const auto codec = arrow::util::Codec::Create(type).ValueOrDie();
    const auto file = arrow::io::FileOutputStream::Open(path_).ValueOrDie();
    const auto stream = arrow::io::CompressedOutputStream::Make(codec.get(), file).ValueOrDie();
    ASSERT_TRUE(stream->Write(content).ok());
    ASSERT_TRUE(stream->Close().ok());
  }

  /// The blocks of the file; the message when reading fails.
  Result<std::vector<RecordBlock>> read(bool csv = true) const {
    ARROW_ASSIGN_OR_RAISE(const auto blocks, RecordBlocks::open(path_));
    if (csv) {
      blocks->cut_with([](std::string_view data, bool at_end) { return csv_last_record_end(data, ',', at_end); });
    }
    std::vector<RecordBlock> all;
    for (RecordBlock block;;) {
      ARROW_ASSIGN_OR_RAISE(const bool more, blocks->next(&block));
      if (!more) return all;
      all.push_back(block);
    }
  }

  std::string path_ =
      std::filesystem::path(testing::TempDir()) / ("linkwright_record_blocks_" + std::to_string(getpid()));
};

std::string joined(const std::vector<RecordBlock>& blocks) {
  std::string all;
  for (const RecordBlock& block : blocks) all += block.bytes;
  return all;
}

/// Some megabytes of records with quoted line ends.
std::string large_csv() {
  std::string csv = "a,b\n";
  while (csv.size() < size_t{5} << 20) csv += std::to_string(csv.size()) + ",\"x\ny, \"\"z\"\"\"\n";
  return csv;
}

TEST_F(BlocksOfRecords, HoldWholeRecordsAndKnowTheirLines) {
  const std::string csv = large_csv();
  write(csv);
  const std::vector<RecordBlock> blocks = read().ValueOrDie();
  EXPECT_GT(blocks.size(), 3U);
  EXPECT_EQ(joined(blocks), csv);
  int64_t line = 1;
  for (const RecordBlock& block : blocks) {
    EXPECT_EQ(block.first_line, line);
    EXPECT_TRUE(block.bytes.ends_with("\"\"z\"\"\"\n"));
    line += std::count(block.bytes.begin(), block.bytes.end(), '\n');
  }
}

TEST_F(BlocksOfRecords, AreTheSameFromACompressedFile) {
  const std::string csv = large_csv();
  for (const auto type : {arrow::Compression::GZIP, arrow::Compression::ZSTD}) {
    write_compressed(csv, type);
    EXPECT_EQ(joined(read().ValueOrDie()), csv);
  }
}

TEST_F(BlocksOfRecords, EndWithAnErrorWhereACompressedFileIsCutOff) {
  write_compressed(large_csv(), arrow::Compression::GZIP);
  std::filesystem::resize_file(path_, std::filesystem::file_size(path_) / 2);
  EXPECT_THAT(read().status().message(), HasSubstr("is the file whole?"));
}

TEST_F(BlocksOfRecords, TakeFilesThatEndWhereABlockDoes) {
  for (const size_t size : {(size_t{1} << 20) - 1, size_t{1} << 20, (size_t{1} << 20) + 1, size_t{2} << 20}) {
    std::string csv(size, 'x');
    for (size_t at = 99; at < size; at += 100) csv[at] = '\n';
    write(csv);
    EXPECT_EQ(joined(read().ValueOrDie()), csv) << size;
  }
}

TEST_F(BlocksOfRecords, SkipAByteOrderMarkAndRefuseUtf16) {
  write(
      "\xef\xbb\xbf"
      "a,b\n");
  EXPECT_EQ(joined(read().ValueOrDie()), "a,b\n");
  write(
      std::string("\xff\xfe"
                  "a\0",
                  4));
  EXPECT_THAT(read().status().message(), HasSubstr("UTF-16"));
}

TEST_F(BlocksOfRecords, RefuseARecordWithoutAnEnd) {
  write("a,b\n1,2\n\"" + std::string(size_t{65} << 20, 'x') + "\",3\n");
  EXPECT_THAT(read().status().message(), HasSubstr(":3: the record is longer than 64 MiB"));
}

TEST_F(BlocksOfRecords, OfAnEmptyFileAreNone) {
  write("");
  EXPECT_TRUE(read().ValueOrDie().empty());
}

/// The texts of a JSON file's blocks.
std::vector<std::string> json_blocks(const std::string& path) {
  const auto blocks = JsonBlocks::open(path).ValueOrDie();
  std::vector<std::string> texts;
  for (RecordBlock block; blocks->next(&block).ValueOrDie();) texts.push_back(block.bytes);
  return texts;
}

TEST_F(BlocksOfRecords, AreTheElementsOfAJsonArray) {
  write(" [ {\"a\": \"],[\\\"\"}, {\"b\": [1, 2]} ] \n");
  EXPECT_THAT(json_blocks(path_), ElementsAre(" {\"a\": \"],[\\\"\"}, {\"b\": [1, 2]} "));
  EXPECT_THAT(read_json_keys(path_).ValueOrDie(), ElementsAre("a", "b"));
  write("[]");
  EXPECT_THAT(json_blocks(path_), ElementsAre(""));
}

TEST_F(BlocksOfRecords, CutAJsonArrayBetweenElementsOnly) {
  std::string array = "[";
  const std::string element = R"({"name": "a, [b] {\"c\"}", "list": [1, 2, 3]})";
  const size_t count = 80000;
  for (size_t i = 0; i < count; ++i) array += (i > 0 ? ",\n" : "") + element;
  write(array + "]");
  size_t elements = 0;
  const auto blocks = json_blocks(path_);
  EXPECT_GT(blocks.size(), 2U);
  for (const std::string& text : blocks) {
    const auto table = read_json_block({text, 1, false}, JsonLayout::kArray, "x.json", nullptr);
    ASSERT_TRUE(table.ok()) << table.status().ToString();
    elements += static_cast<size_t>((*table)->num_rows());
  }
  EXPECT_EQ(elements, count);
}

TEST_F(BlocksOfRecords, RefuseAJsonArrayThatIsNotClosed) {
  write("[{\"a\": 1}, {\"a\": 2}");
  const auto blocks = JsonBlocks::open(path_).ValueOrDie();
  RecordBlock block;
  EXPECT_THAT(blocks->next(&block).status().message(), HasSubstr("not closed"));
}

TEST_F(BlocksOfRecords, KnowTheKeysOfLinesThatAreObjects) {
  write("{\"a\": {\"inner\": 1}}\nnot json\n[{\"no\": 1}]\n{\"b\": null, \"a\": 2}\n");
  EXPECT_THAT(read_json_keys(path_).ValueOrDie(), ElementsAre("a", "b"));
}

}  // namespace
}  // namespace linkwright
