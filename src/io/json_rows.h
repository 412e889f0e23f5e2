#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/cancellation.h"
#include "base/status.h"
#include "io/csv_reader.h"

namespace arrow {
class Table;
}

namespace linkwright {

/// Reads a JSON array of objects, or one object a line (NDJSON); which of the two is told from the first byte.
///
/// Columns are the keys in order of first appearance; a missing key is null. Numbers are int64 while all are whole,
/// else double; a column that mixes kinds becomes text, with the JSON source of what is no text. Lists of scalars
/// become lists. A bad row (broken JSON on a line, no object, a nested object) goes to `reject`, whose error ends the
/// reading.
/// Errors: an array that is broken, with line and column.
Result<std::shared_ptr<arrow::Table>> read_json_rows(std::string_view text, const std::string& file,
                                                     const std::function<Status(const CsvReject&)>& reject,
                                                     const Cancellation* cancellation);

/// How rows lie in a JSON file: as elements of one array, or one a line.
enum class JsonLayout { kArray, kLines };

/// The same for lines, or for elements of an array without the brackets around them; without rows, a table without
/// columns. The text begins with this line of the file.
Result<std::shared_ptr<arrow::Table>> read_json_lines(std::string_view text, int64_t first_line,
                                                      const std::function<Status(const CsvReject&)>& reject,
                                                      const Cancellation* cancellation);
Result<std::shared_ptr<arrow::Table>> read_json_elements(std::string_view text, const std::string& file,
                                                         int64_t first_line,
                                                         const std::function<Status(const CsvReject&)>& reject,
                                                         const Cancellation* cancellation);

}  // namespace linkwright
