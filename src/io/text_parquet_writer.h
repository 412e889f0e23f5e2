#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "io/pending_file.h"
#include "io/plain_texts.h"

namespace linkwright {

/// One column of a row group of text, as it stands in the file: headers and the pages behind them. The heavy part of
/// writing, and free of any file, so that many threads can make chunks at once.
class TextParquetChunk {
 public:
  /// A text a row, as they are.
  static TextParquetChunk plain(PlainTexts rows);
  /// Texts by number: row i has `dictionary[row_of[i]]`.
  static TextParquetChunk coded(PlainTexts dictionary, const std::vector<uint32_t>& code_of_row);

  size_t rows() const { return rows_; }

 private:
  friend class TextParquetWriter;
  struct Page {
    std::string header;
    PlainTexts texts;   // one of these two
    std::string codes;  // is the page
    std::string_view body() const { return texts.empty() ? std::string_view(codes) : texts.bytes(); }
  };
  size_t rows_ = 0;
  bool has_dictionary_ = false;
  std::vector<Page> pages_;  // the dictionary's before the rows'
};

/// Writes Parquet files whose columns are text that is never null: uncompressed, without statistics, a page a chunk.
/// The texts are not copied on their way. The file appears when it is whole. Not thread-safe. Source:
/// github.com/apache/parquet-format, parquet.thrift and Encodings.md.
class TextParquetWriter {
 public:
  static Result<std::unique_ptr<TextParquetWriter>> open(const std::string& path, std::vector<std::string> columns);

  /// A row group: a chunk a column, all with as many rows. One without rows writes nothing.
  Status write(const std::vector<TextParquetChunk>& chunks);
  Status finish();

 private:
  TextParquetWriter(const std::string& path, std::vector<std::string> columns)
      : file_(path), columns_(std::move(columns)) {}
  Status append(std::string_view bytes);
  void describe_group(const std::vector<TextParquetChunk>& chunks);
  std::string footer() const;

  PendingFile file_;
  std::vector<std::string> columns_;
  std::shared_ptr<arrow::io::OutputStream> stream_;
  int64_t size_ = 0;
  int64_t rows_ = 0;
  size_t groups_ = 0;
  std::string group_descriptions_;  // as they stand in the footer: some 150 bytes a group
};

}  // namespace linkwright
