#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/cancellation.h"
#include "base/status.h"
#include "io/csv_records.h"
#include "io/record_blocks.h"

namespace linkwright {

/// One field of a CSV line, without its quotes. An empty field that was not quoted is null.
struct CsvField {
  std::string_view text;
  bool is_null = false;
};

/// Why a line cannot be used.
struct CsvReject {
  int64_t line;
  std::string reason;
  std::string_view content;
};

/// Reads CSV as RFC 4180 has it: quoted fields with doubled quotes and line breaks, LF, CRLF or CR line ends, a header
/// line. A UTF-8 byte order mark is skipped, and Excel's first line `sep=;` taken at its word. The file is read block
/// by block, and may be compressed.
class CsvReader {
 public:
  /// `delimiter` 0: what a first line `sep=;` says, else the one of comma, semicolon, tab and bar that the header has
  /// most of. Errors: no header, empty or repeated column names, UTF-16, text that is not UTF-8 in the header.
  static Result<std::unique_ptr<CsvReader>> open(const std::string& path, char delimiter);

  const std::vector<std::string>& columns() const { return columns_; }
  char delimiter() const { return delimiter_; }

  /// Calls `accept` with the fields of every good line and `reject` with every bad one; the first error of either ends
  /// the reading. Lines are bad when they have too few or too many fields, are not UTF-8, or open a quote that is not
  /// closed before the end of the file.
  Status read(const std::function<Status(std::span<const CsvField>)>& accept,
              const std::function<Status(const CsvReject&)>& reject, const Cancellation* cancellation);

 private:
  CsvReader(std::string path, std::unique_ptr<RecordBlocks> blocks)
      : path_(std::move(path)), blocks_(std::move(blocks)), cursor_({}, ',', &unescaped_) {}
  Result<bool> next_block();
  Status read_header();
  std::optional<std::string> read_line();
  std::optional<std::string> check_line() const;

  std::string path_;
  std::unique_ptr<RecordBlocks> blocks_;
  char delimiter_ = ',';
  std::vector<std::string> columns_;
  RecordBlock block_;
  bool block_is_utf8_ = false;  // lines are looked at only where it is not so
  std::string unescaped_;
  CsvCursor cursor_;
  std::vector<CsvField> fields_;  // of the line at hand
};

}  // namespace linkwright
