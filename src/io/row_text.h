#pragma once

#include <functional>
#include <string>

#include "base/status.h"

namespace arrow {
class RecordBatch;
class Schema;
}  // namespace arrow

namespace linkwright {

enum class RowTextFormat { kCsv, kNdjson };

/// The header line, quoted where it must be.
void append_csv_header(const arrow::Schema& schema, std::string* text);

/// Writes a batch row by row, a line each. CSV: RFC 4180, null is an empty field and an empty text "". NDJSON: null
/// values are null. Doubles are written with the fewest digits that read back the same. `take` is handed some rows at a
/// time and empties the text. Errors: a type that has no text form (named).
Status append_rows(const arrow::RecordBatch& batch, RowTextFormat format,
                   const std::function<Status(std::string*)>& take);

}  // namespace linkwright
