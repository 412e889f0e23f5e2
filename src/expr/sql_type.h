#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "expr/value.h"

namespace linkwright {

/// The SQL types that the type checker tells apart. Several share one ValueKind at run time: all integers are 64 bits
/// (a cast checks the narrower range), FLOAT is a double rounded to single precision, and DECIMAL is the double nearest
/// to the decimal number, which is exact up to 15 digits as long as every operation rounds to the scale.
enum class SqlKind : uint8_t {
  kNull,
  kBoolean,
  kTinyint,
  kUtinyint,
  kSmallint,
  kUsmallint,
  kInteger,
  kUinteger,
  kBigint,
  kUbigint,
  kHugeint,
  kDecimal,
  kFloat,
  kDouble,
  kVarchar,
  kDate,
  kTimestamp,
  kList
};

struct SqlType {
  SqlKind kind = SqlKind::kNull;
  SqlKind base = SqlKind::kNull;  // kList only: what the innermost lists hold
  uint8_t depth = 0;              // kList only: 1 for a list, 2 for a list of lists
  uint8_t width = 0;              // kDecimal only: digits in all
  uint8_t scale = 0;              // kDecimal only: digits after the point

  bool operator==(const SqlType&) const = default;

  bool is_integer() const { return kind >= SqlKind::kTinyint && kind <= SqlKind::kHugeint; }
  bool is_number() const { return kind >= SqlKind::kTinyint && kind <= SqlKind::kDouble; }
  bool is_list() const { return kind == SqlKind::kList; }
  bool is_null() const { return kind == SqlKind::kNull; }

  static constexpr uint8_t kMaxDepth = 8;
  SqlType element_type() const {
    return depth > 1 ? nested(base, static_cast<uint8_t>(depth - 1)) : SqlType{.kind = base};
  }
  static SqlType list_of(const SqlType& element);  // decimals in lists become doubles
  static SqlType nested(SqlKind base, uint8_t depth) { return {.kind = SqlKind::kList, .base = base, .depth = depth}; }

  /// Lists that are nested deeper than a ValueType can say are lists of lists of lists.
  ValueType value_type() const;
  static SqlType from_value_type(const ValueType& type);

  /// As DuckDB writes it: "BIGINT", "DECIMAL(18,3)", "VARCHAR[]".
  std::string to_string() const;
};

/// The type of a name such as "int", "varchar(10)", "double precision", "decimal(10,2)" or "text[]" in any case;
/// nothing when there is no such type or it is not part of the subset.
std::optional<SqlType> parse_sql_type(std::string_view name);

/// Type names for suggestions.
std::span<const std::string> known_type_names();

}  // namespace linkwright
