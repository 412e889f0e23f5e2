#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancellation.h"
#include "base/status.h"
#include "io/text_columns.h"

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
/// line. A UTF-8 byte order mark is skipped.
class CsvReader {
 public:
  /// `delimiter` 0: the one of comma, semicolon, tab and bar that the header has most of. `text` must stay valid.
  /// Errors: no header, empty or repeated column names, UTF-16, text that is not UTF-8 in the header.
  static Result<CsvReader> make(std::string_view text, std::string file, char delimiter);

  const std::vector<std::string>& columns() const { return columns_; }
  char delimiter() const { return delimiter_; }

  /// Calls `accept` with the fields of every good line and `reject` with every bad one; the first error of either ends
  /// the reading. Lines are bad when they have too few or too many fields, are not UTF-8, or open a quote that is not
  /// closed before the end of the file.
  Status read(const std::function<Status(std::span<const CsvField>)>& accept,
              const std::function<Status(const CsvReject&)>& reject, const Cancellation* cancellation);

 private:
  CsvReader(std::string_view text, std::string file) : text_(text), file_(std::move(file)) {}
  bool next_line(std::vector<CsvField>* fields, std::string* problem);
  bool read_quoted(CsvField* field, std::string* problem);

  std::string_view text_;
  std::string file_;
  char delimiter_ = ',';
  bool all_utf8_ = false;  // settled once for the whole file; lines are looked at only where it is not so
  std::vector<std::string> columns_;
  size_t at_ = 0;
  int64_t line_ = 1;         // of the next byte
  int64_t record_line_ = 1;  // where the line at hand begins
  size_t record_start_ = 0;
  std::vector<std::string> unescaped_;  // quoted fields with doubled quotes, one slot a field
};

}  // namespace linkwright
