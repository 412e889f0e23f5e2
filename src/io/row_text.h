#pragma once

#include <functional>
#include <string>
#include <string_view>

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
/// values are null. Doubles are written with the fewest digits that read back the same. Some rows at a time are made by
/// up to `threads` of Arrow's threads and handed to `take` in their order. Errors: a type that has no text form
/// (named).
Status append_rows(const arrow::RecordBatch& batch, RowTextFormat format, int threads,
                   const std::function<Status(std::string_view)>& take);

}  // namespace linkwright
