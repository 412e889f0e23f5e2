#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace linkwright {

/// Whether two names are one to SQL: the case of ASCII letters does not count.
bool is_same_but_for_case(std::string_view a, std::string_view b);

/// Whether two of these are one name to SQL, and not written alike.
bool differ_in_case_only(const std::vector<std::string>& names);

/// The column that is meant by a name, as DuckDB has it: the one of that name, or else the only one that differs from
/// it in case (of ASCII letters); null where there is none, or where there are several.
const std::string* column_meant_by(std::string_view name, const std::vector<std::string>& columns);

/// Those of `columns` that any of these names means.
std::set<std::string> columns_meant_by(const std::vector<std::string>& names, const std::vector<std::string>& columns);

}  // namespace linkwright
