#pragma once

#include <cstddef>
#include <string_view>

namespace linkwright {

/// The Spark SQL text of a call: `$1` is the first argument, `@1` the same in parentheses where it is an operator, and
/// `$*` all arguments with commas. "" when Spark has no equal of the function with that many arguments.
///
/// Where the two differ for rare values, the choice is what Splink's Spark dialect does: levenshtein counts characters
/// (DuckDB: bytes), regular expressions are Java's (DuckDB: RE2), and a division by zero is NULL (DuckDB: infinite).
std::string_view spark_template(std::string_view function, size_t argument_count);

}  // namespace linkwright
