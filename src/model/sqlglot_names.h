#pragma once

#include <string>
#include <string_view>

namespace linkwright {

/// The names by which sqlglot writes a function and a type for DuckDB; both are given in lower case.
/// Source: sqlglot 30.30.0.
std::string sqlglot_function(std::string_view name);
std::string sqlglot_type(std::string_view name);

/// A binary operator, and how sqlglot writes it: between its operands, or as a function of them.
struct SqlglotOperator {
  std::string_view symbol;
  std::string_view written;
  bool is_function = false;
};
/// Null for what sqlglot writes in another way yet.
const SqlglotOperator* find_sqlglot_operator(std::string_view symbol);

std::string to_upper_ascii(std::string_view text);

}  // namespace linkwright
