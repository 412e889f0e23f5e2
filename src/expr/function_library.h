#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/status.h"
#include "expr/sql_type.h"
#include "expr/step.h"
#include "text/jaro_winkler_rounding.h"

namespace linkwright {

/// The types of most parameters and results, by their names in SQL.
inline constexpr SqlType kBoolean{.kind = SqlKind::kBoolean};
inline constexpr SqlType kTinyint{.kind = SqlKind::kTinyint};
inline constexpr SqlType kBigint{.kind = SqlKind::kBigint};
inline constexpr SqlType kDouble{.kind = SqlKind::kDouble};
inline constexpr SqlType kVarchar{.kind = SqlKind::kVarchar};
inline constexpr SqlType kDate{.kind = SqlKind::kDate};
inline constexpr SqlType kTimestamp{.kind = SqlKind::kTimestamp};

/// The arguments of one call.
using Values = std::span<const Value>;

/// What the type checker knows about an argument.
struct Operand {
  SqlType type;
  bool is_text_literal = false;                  // 'text' in the SQL: takes whatever type is wanted
  std::optional<Value> constant = std::nullopt;  // its value, when it is the same for all records
};

/// A function chosen for its arguments: what they are to be cast to, what comes out, and the code.
struct BoundCall {
  std::vector<SqlType> parameters;
  SqlType result;
  ScalarFunction function;
  bool takes_nulls = false;
  BlockFunction block = {};  // the same for columns, where that is worth it
};

struct BindContext {
  std::string_view function;
  std::span<const Operand> operands;
  JaroWinklerRounding jaro_winkler = JaroWinklerRounding::kFused;
};

/// Chooses a function for the operands, or says why it cannot (without the caret, which the compiler adds).
using Binder = std::function<Result<BoundCall>(const BindContext& context)>;

/// One choice of a function with fixed types.
struct Overload {
  std::vector<SqlKind> parameters;  // kList: any list
  SqlKind result;
  ScalarFunction function;
  BlockFunction block = {};
};

/// All functions by their name in the tree, operators included; the parser has checked the number of arguments.
/// Immutable after it is made.
class FunctionLibrary {
 public:
  /// The library of all functions; made at the first call, safe from any thread.
  static const FunctionLibrary& instance();

  void add(std::string_view name, Binder binder);

  /// Tries the overloads, and takes the one whose arguments need the cheapest conversions; the first of equals.
  void add(std::string_view name, std::vector<Overload> overloads);

  const Binder* find(std::string_view name) const;

 private:
  std::unordered_map<std::string, Binder> binders_;
};

// One a theme.
void add_comparisons(FunctionLibrary& library);
void add_arithmetic(FunctionLibrary& library);
void add_number_functions(FunctionLibrary& library);
void add_text_functions(FunctionLibrary& library);
void add_pattern_functions(FunctionLibrary& library);
void add_similarity_functions(FunctionLibrary& library);
void add_date_functions(FunctionLibrary& library);
void add_list_functions(FunctionLibrary& library);
void add_list_sets(FunctionLibrary& library);
void add_list_numbers(FunctionLibrary& library);

/// "levenshtein(VARCHAR, BIGINT[])", for messages.
std::string signature(std::string_view function, std::span<const Operand> operands);

/// The type that values of both are compared or mixed as: the wider number, the other type for NULL and text literals,
/// TIMESTAMP for a DATE and a TIMESTAMP. When `text_yields`, text becomes the other type (comparisons, as in DuckDB);
/// otherwise the other becomes text (CASE, COALESCE and lists, where DuckDB wants a cast).
std::optional<SqlType> common_type(const Operand& a, const Operand& b, bool text_yields);

/// The common type of all; an error that names the two that have none.
Result<SqlType> common_type(std::string_view function, std::span<const Operand> operands, bool text_yields);

}  // namespace linkwright
