#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "token/text_dialect.h"
#include "token/text_table.h"

namespace linkwright {

/// Where the record that starts at `start` ends, its line end included; npos when `data` does not hold all of it.
/// RFC 4180: a quoted field may hold line ends. Line ends are \n, \r\n and \r; with `at_end` the data ends a record.
size_t csv_record_end(std::string_view data, size_t start, bool at_end);

/// The end of the last whole record in `data`, 0 without one.
size_t csv_last_record_end(std::string_view data, bool at_end);

/// Splits the fields of one record off the front of `data`, unquoted; for headers and small files.
std::vector<std::string> csv_fields(TextDialect dialect, std::string_view record);

/// Parses whole records. `slots[i]` is the column that field i goes to, or -1. Fields beyond are ignored; fields that a
/// short record lacks are absent in Java and null in Python. Blank lines are no records. Stops after `most_rows`;
/// returns how many bytes were read.
size_t parse_csv_records(TextDialect dialect, std::string_view data, const std::vector<int>& slots, size_t slot_count,
                         size_t most_rows, TextColumns* out);

}  // namespace linkwright
