#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"

namespace arrow::io {
class InputStream;
}

namespace linkwright {

/// A part of a text file that holds whole records, as they stand in the file.
struct RecordBlock {
  std::string bytes;
  int64_t first_line = 1;
  bool ends_file = false;
};

/// Cuts a text file into blocks of whole records, a quarter of a megabyte each, so that a file of any size needs little
/// memory. A byte order mark is skipped; the file is decompressed where it must be. Not thread-safe.
class RecordBlocks {
 public:
  /// The end of the last whole record in some data, 0 without one; `at_end`: nothing follows.
  using LastRecordEnd = std::function<size_t(std::string_view data, bool at_end)>;

  /// Errors: the file cannot be read, or is UTF-16.
  static Result<std::unique_ptr<RecordBlocks>> open(const std::string& path);
  ~RecordBlocks();

  /// The first bytes of what comes next, up to a block's size or the end of the file; for looking at, before `next`.
  std::string_view ahead() const { return carry_; }

  /// Leaves out the first line, of so many bytes with its end; before `next`.
  void skip_line(size_t size);

  /// Must be set before `next`; a record runs up to a line end until then.
  void cut_with(LastRecordEnd last_record_end) { last_record_end_ = std::move(last_record_end); }

  /// False at the end of the file. Errors: the file cannot be read; a record longer than 64 MiB, with its line.
  Result<bool> next(RecordBlock* block);

 private:
  RecordBlocks(std::string path, std::shared_ptr<arrow::io::InputStream> stream);
  Status fill();

  std::string path_;
  std::shared_ptr<arrow::io::InputStream> stream_;
  LastRecordEnd last_record_end_;
  std::string carry_;  // read, and not yet given out
  bool ended_ = false;
  int64_t next_line_ = 1;
};

}  // namespace linkwright
