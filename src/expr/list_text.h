#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "expr/arena.h"
#include "expr/sql_type.h"
#include "expr/value.h"

namespace linkwright {

/// "[a, 'b, c', NULL]", as DuckDB casts a list to VARCHAR.
std::string format_list(const Value& list, const SqlType& type);

/// The texts of "[a, 'b, c', NULL]"; nothing when the brackets or quotes do not close.
std::optional<Value> parse_list(std::string_view text, Arena& arena);

}  // namespace linkwright
