#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "expr/value.h"

namespace linkwright {

/// Which record of a pair a column belongs to. `kNone`: an expression over single records (derived columns).
enum class Side : uint8_t { kNone, kLeft, kRight };

struct ColumnReference {
  Side side = Side::kNone;
  std::string name;

  bool operator==(const ColumnReference&) const = default;
  auto operator<=>(const ColumnReference&) const = default;
};

/// A parsed SQL expression: an immutable tree that is cheap to copy. Safe to read from any thread.
///
/// Operators are calls with the operator's SQL text as their name ("=", "and", "||", "is null", "case", "cast", "in");
/// BETWEEN, <>, IS NOT NULL, `::` and NOT IN are rewritten by the parser into simpler ones, so that a reader of the
/// tree meets few shapes. Function names are lower case, and aliases (substring, levenshtein_distance, ...) are
/// replaced by one name.
class Expression {
 public:
  enum class Kind : uint8_t { kLiteral, kColumn, kCall, kLambda, kParameter };

  /// Parses one expression of the SQL subset (docs/expressions.md). The error shows the text with a caret below the
  /// place, says what was expected, and offers the nearest known function name.
  ///
  /// Columns are as written: `l.name` and `r.name` have a side, all others have none (see `with_sides`).
  static Result<Expression> parse(std::string_view sql);

  /// The parts that the parser builds with; nothing is checked. `position` is a byte of the text that was parsed.
  static Expression null_literal(size_t position = 0);
  static Expression boolean_literal(bool value, size_t position = 0);
  static Expression integer_literal(int64_t value, size_t position = 0);
  static Expression double_literal(double value, size_t position = 0);
  static Expression decimal_literal(std::string digits, size_t position = 0);  // "12.50", a double with a scale
  static Expression text_literal(std::string value, size_t position = 0);
  static Expression column(ColumnReference column, size_t position = 0);
  static Expression call(std::string function, std::vector<Expression> arguments, size_t position = 0);
  static Expression lambda(std::vector<std::string> parameters, Expression body, size_t position = 0);
  static Expression parameter(std::string name, size_t position = 0);

  Kind kind() const;
  const Value& literal() const;                        // kLiteral
  const ColumnReference& column() const;               // kColumn
  const std::string& function() const;                 // kCall
  const std::vector<Expression>& arguments() const;    // kCall; kLambda has its body as the only argument
  const std::vector<std::string>& parameters() const;  // kLambda; kParameter has its name as the only element
  bool is_call(std::string_view function) const;

  /// The digits of a literal that was written with a decimal point and no exponent ("0.90"), "" for all others. Such
  /// a literal is a DECIMAL to DuckDB, not a DOUBLE: 0.1 + 0.2 = 0.3 holds.
  const std::string& decimal_digits() const;

  /// Byte of the parsed text that an error about this expression points at: the first of a literal, column or function
  /// name, the sign of an operator.
  size_t position() const;

  /// Levels of the tree: 1 for a literal. `parse` refuses more than kMaxHeight, so that recursion over a parsed tree
  /// is safe.
  size_t height() const;
  static constexpr size_t kMaxHeight = 400;

  /// Nodes of the tree, with shared parts (the operand of BETWEEN) counted at each place. `parse` refuses more than
  /// kMaxSize.
  size_t size() const;
  static constexpr size_t kMaxSize = 2'000'000;

  /// Names like `surname_l` and `surname_r` become `surname` of the left and of the right record, as in Splink's level
  /// conditions. `has_column` decides between a column that is itself called `x_l` and the left side of `x`.
  Expression with_sides(const std::function<bool(std::string_view)>& has_column) const;

  /// All columns, in order of first appearance, each once.
  std::vector<ColumnReference> columns() const;

  /// The text in DuckDB's dialect (parses back to the same tree), and in Spark SQL's. The latter is NotImplemented,
  /// naming the function, where Spark has no equal.
  std::string to_sql() const;
  Result<std::string> to_spark_sql() const;

  bool operator==(const Expression& other) const;  // same tree, positions ignored

 private:
  struct Node;
  explicit Expression(std::shared_ptr<const Node> node);
  std::shared_ptr<const Node> node_;
};

}  // namespace linkwright
