#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace linkwright {

/// One field of a CSV record. Views point into the data, or into the room for fields with doubled quotes.
struct CsvFieldText {
  std::string_view text;  // without its quotes
  std::string_view rest;  // what stands between the closing quote and the field's end: nothing, in a good file
  bool quoted = false;
  bool closed = true;  // false: the data ends inside the quotes
  bool last = false;   // of its record
};

/// Reads the fields of CSV records one after the other: RFC 4180, with LF, CRLF or CR line ends. What is wrong with a
/// field is said, not judged; each reader has its own rules for it. Not thread-safe.
class CsvCursor {
 public:
  /// `unescaped` holds the fields with doubled quotes; it is emptied now and must stay while their views are used.
  CsvCursor(std::string_view data, char delimiter, std::string* unescaped);

  size_t position() const { return at_; }
  bool at_end() const { return at_ >= data_.size(); }
  /// Line ends passed so far.
  int64_t lines() const { return lines_; }

  /// Skips lines without anything; false at the end of the data.
  bool skip_blank_lines();
  /// At the end of the data: an empty field, the last of its record.
  CsvFieldText next();

 private:
  void read_quoted(CsvFieldText* field);

  std::string_view data_;
  char delimiter_;
  std::string* unescaped_;
  size_t at_ = 0;
  int64_t lines_ = 0;
};

/// Where the record that starts at `start` ends, its line end included; npos when `data` does not hold all of it, or
/// when a quote is not closed. With `at_end` the data ends a record.
size_t csv_record_end(std::string_view data, size_t start, char delimiter, bool at_end);

/// The end of the last whole record in `data`, 0 without one. With `at_end` all of it.
size_t csv_last_record_end(std::string_view data, char delimiter, bool at_end);

/// The first line of files that Excel is to open, `sep=;`: what it says, and its length with the line end.
struct CsvSeparatorLine {
  char delimiter;
  size_t size;
};

/// None when the data starts in any other way. Such a line is no record, and may be quoted.
std::optional<CsvSeparatorLine> csv_separator_line(std::string_view data);

/// The one of comma, semicolon, tab and bar that stands most often outside of quotes in the first line.
char detect_delimiter(std::string_view data);

}  // namespace linkwright
