#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "base/cancellation.h"
#include "base/status.h"

namespace arrow {
class ChunkedArray;
class DataType;
}  // namespace arrow

namespace linkwright {

/// Whether `visit_text` can read a column of this type: text, numbers, booleans, dates, timestamps, and dictionaries
/// of these. Not: lists, structs, binary.
bool has_text(const arrow::DataType& type);

/// Called with the place in `rows` and the value as text; a null is a string_view without data.
using TextVisitor = std::function<void(size_t place, std::string_view text)>;

/// Shows the values of the given ascending rows as text, dates as YYYY-MM-DD. An empty text is a value, not a null.
/// Errors: a type without text; Cancelled.
Status visit_text(const arrow::ChunkedArray& column, std::span<const int64_t> rows, const TextVisitor& visit,
                  const Cancellation* cancellation = nullptr);

}  // namespace linkwright
