#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "io/record_blocks.h"
#include "token/signature.h"
#include "token/text_dialect.h"

namespace arrow {
class RecordBatch;
}

namespace linkwright {

/// Rows of a file as raw text, column by column. The views point into the block they were parsed from, or into here.
struct TextColumns {
  size_t rows = 0;
  std::vector<std::vector<RawValue>> columns;  // by slot; every one has `rows` values
  int64_t malformed_rows = 0;         // CSV: text after a closing quote, read as well as can be; JSON: left out
  std::string unquoted;               // what fields with doubled quotes say
  std::deque<std::string> converted;  // what numbers and dates say
  std::shared_ptr<const void> owner;  // of what the views point to besides

  void clear(size_t slots);
};

/// A part of a file that holds whole rows: text, or a batch of Parquet rows.
struct TextBlock {
  RecordBlock text;
  std::shared_ptr<arrow::RecordBatch> batch;
};

/// Reads a CSV, JSON or Parquet file as text in blocks, so that a file of any size needs little memory.
///
/// The bytes come from io's readers; what differs from io's tables is what the references do with them: a row that ends
/// early is not a row with empty fields, fields too many are ignored, and nothing is ever guessed to be a number.
/// `next` is for one thread, `parse` for any number.
class TextTableReader {
 public:
  struct Options {
    TextDialect dialect = TextDialect::kJava;
    char delimiter = 0;  // of CSV; 0: a tab in .tsv files, else the comma
  };

  /// The format is told from the name as io tells it, and for other names from the first bytes: Parquet, else CSV. An
  /// empty CSV file has no headers and no rows.
  static Result<std::unique_ptr<TextTableReader>> open(const std::string& path, const Options& options);
  virtual ~TextTableReader() = default;

  const std::vector<std::string>& headers() const { return headers_; }

  /// Header i goes to slot `slots[i]`; -1 leaves it out. To be called once, before `next`.
  virtual Status select(std::vector<int> slots, size_t slot_count) = 0;

  /// The next part of the file; false at its end.
  virtual Result<bool> next(TextBlock* block) = 0;

  /// The rows of a block in portions that stay in the processor's cache: reads on from `*position`, which starts at 0,
  /// and moves it. False at the end of the block. Bytes that are not UTF-8 are an error that names the line.
  virtual Result<bool> parse(const TextBlock& block, size_t* position, TextColumns* out) const = 0;

 protected:
  std::vector<std::string> headers_;
};

}  // namespace linkwright
