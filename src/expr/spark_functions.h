#pragma once

#include <cstddef>
#include <string_view>

namespace linkwright {

/// The Spark SQL text of a call: `$1` is the first argument, `@1` the same in parentheses where it is an operator, and
/// `$*` all arguments with commas. "" when Spark has no equal of the function with that many arguments.
///
/// Held against Spark 4.2.1 over tests/fixtures/expressions.json. Where the two differ for rare values, the choice is
/// what Splink's Spark dialect does: a division by zero is NULL (DuckDB: infinite), and casts to integers cut off
/// (DuckDB: round). levenshtein counts bytes, as DuckDB's does; of regular expressions see java_pattern.h. Types
/// are not known here, so `length` is that of a text, `x[i]` that of a list, and `date - date` an interval.
std::string_view spark_template(std::string_view function, size_t argument_count);

}  // namespace linkwright
