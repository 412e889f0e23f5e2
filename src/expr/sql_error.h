#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/status.h"

namespace linkwright {

/// An Invalid status: `message`, and below it the line of `sql` that holds byte `position` with a caret under it. Long
/// lines are cut to the part around the position.
Status sql_error(std::string_view sql, size_t position, std::string_view message);

/// The two lines with the caret alone, for messages that end in something else.
std::string sql_caret(std::string_view sql, size_t position);

}  // namespace linkwright
