#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "token/signature.h"

namespace arrow {
class Array;
}

namespace linkwright {

/// The values of an Arrow column of text, whole numbers or dates; other types are an error that names the column.
/// `converted` holds what is not text already; the other views point into the column.
Status append_raw_values(const arrow::Array& column, std::string_view name, std::deque<std::string>* converted,
                         std::vector<RawValue>* out);

/// The same for values of any type, as Arrow writes them: for rows whose types nobody declared.
Status append_written_values(const arrow::Array& column, std::deque<std::string>* converted,
                             std::vector<RawValue>* out);

}  // namespace linkwright
