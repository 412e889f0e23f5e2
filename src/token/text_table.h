#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "token/signature.h"
#include "token/text_dialect.h"

namespace arrow {
class Array;
class RecordBatch;
}  // namespace arrow

namespace linkwright {

/// Rows of a file as raw text, column by column. The views point into the block they were parsed from, or into here.
struct TextColumns {
  size_t rows = 0;
  std::vector<std::vector<RawValue>> columns;  // by slot; every one has `rows` values
  int64_t malformed_rows = 0;                  // rows with text after a closing quote; read as well as can be
  std::string unquoted;                        // what quoted fields say
  std::deque<std::string> converted;           // what numbers and dates say

  void clear(size_t slots);
};

/// A part of a file that holds whole rows.
struct TextBlock {
  std::string bytes;
  int64_t first_line = 1;
  bool ends_file = false;
  std::shared_ptr<arrow::RecordBatch> batch;
};

/// Reads a CSV or Parquet file as text in blocks, so that a file of any size needs little memory.
///
/// Why not Arrow's CSV reader: the references tell a row that ends early from a row with empty fields, take any number
/// of fields too many, and never guess types; Arrow's reader cannot. `next` is for one thread, `parse` for any number.
class TextTableReader {
 public:
  /// The format is told from the name (.csv, .parquet) and for other names from the first bytes. An empty CSV file has
  /// no headers and no rows.
  static Result<std::unique_ptr<TextTableReader>> open(const std::string& path, TextDialect dialect);
  virtual ~TextTableReader() = default;

  const std::vector<std::string>& headers() const { return headers_; }

  /// Header i goes to slot `slots[i]`; -1 leaves it out. To be called once, before `next`.
  virtual Status select(std::vector<int> slots, size_t slot_count) = 0;

  /// The next part of the file; false at its end. Bytes that are not UTF-8 are an error that names the line.
  virtual Result<bool> next(TextBlock* block) = 0;

  /// The rows of a block in portions that stay in the processor's cache: reads on from `*position`, which starts at 0,
  /// and moves it. False at the end of the block.
  virtual Result<bool> parse(const TextBlock& block, size_t* position, TextColumns* out) const = 0;

 protected:
  std::vector<std::string> headers_;
};

/// The values of an Arrow column of text, whole numbers, decimals or dates; other types are an error that names the
/// column. `converted` holds what is not text already.
Status append_raw_values(const arrow::Array& column, std::string_view name, std::deque<std::string>* converted,
                         std::vector<RawValue>* out);

}  // namespace linkwright
