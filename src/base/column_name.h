#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace linkwright {

/// The column that is meant by a name, as DuckDB has it: the one of that name, or else the only one that differs from
/// it in case (of ASCII letters); null where there is none, or where there are several.
const std::string* column_meant_by(std::string_view name, const std::vector<std::string>& columns);

}  // namespace linkwright
