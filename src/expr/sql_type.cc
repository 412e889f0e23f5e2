#include "expr/sql_type.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <vector>

namespace linkwright {
namespace {

struct TypeName {
  std::string_view name;
  SqlKind kind;
};

// The first name of a kind is the one that is printed.
constexpr auto kTypeNames = std::to_array<TypeName>({
    {"NULL", SqlKind::kNull},
    {"BOOLEAN", SqlKind::kBoolean},
    {"BOOL", SqlKind::kBoolean},
    {"LOGICAL", SqlKind::kBoolean},
    {"TINYINT", SqlKind::kTinyint},
    {"INT1", SqlKind::kTinyint},
    {"UTINYINT", SqlKind::kUtinyint},
    {"UINT8", SqlKind::kUtinyint},
    {"SMALLINT", SqlKind::kSmallint},
    {"INT2", SqlKind::kSmallint},
    {"INT16", SqlKind::kSmallint},
    {"SHORT", SqlKind::kSmallint},
    {"USMALLINT", SqlKind::kUsmallint},
    {"UINT16", SqlKind::kUsmallint},
    {"INTEGER", SqlKind::kInteger},
    {"INT", SqlKind::kInteger},
    {"INT4", SqlKind::kInteger},
    {"INT32", SqlKind::kInteger},
    {"SIGNED", SqlKind::kInteger},
    {"INTEGRAL", SqlKind::kInteger},
    {"UINTEGER", SqlKind::kUinteger},
    {"UINT32", SqlKind::kUinteger},
    {"BIGINT", SqlKind::kBigint},
    {"INT8", SqlKind::kBigint},
    {"INT64", SqlKind::kBigint},
    {"LONG", SqlKind::kBigint},
    {"OID", SqlKind::kBigint},
    {"UBIGINT", SqlKind::kUbigint},
    {"UINT64", SqlKind::kUbigint},
    {"HUGEINT", SqlKind::kHugeint},
    {"INT128", SqlKind::kHugeint},
    {"DECIMAL", SqlKind::kDecimal},
    {"DEC", SqlKind::kDecimal},
    {"NUMERIC", SqlKind::kDecimal},
    {"FLOAT", SqlKind::kFloat},
    {"FLOAT4", SqlKind::kFloat},
    {"REAL", SqlKind::kFloat},
    {"DOUBLE", SqlKind::kDouble},
    {"DOUBLE PRECISION", SqlKind::kDouble},
    {"FLOAT8", SqlKind::kDouble},
    {"VARCHAR", SqlKind::kVarchar},
    {"TEXT", SqlKind::kVarchar},
    {"STRING", SqlKind::kVarchar},
    {"CHAR", SqlKind::kVarchar},
    {"BPCHAR", SqlKind::kVarchar},
    {"NVARCHAR", SqlKind::kVarchar},
    {"CHARACTER", SqlKind::kVarchar},
    {"CHARACTER VARYING", SqlKind::kVarchar},
    {"DATE", SqlKind::kDate},
    {"TIMESTAMP", SqlKind::kTimestamp},
    {"DATETIME", SqlKind::kTimestamp},
    {"TIMESTAMP WITHOUT TIME ZONE", SqlKind::kTimestamp},
    {"TIMESTAMP_US", SqlKind::kTimestamp},
});

constexpr uint8_t kDefaultWidth = 18;
constexpr uint8_t kDefaultScale = 3;
constexpr uint8_t kMaxWidth = 38;

std::string_view kind_name(SqlKind kind) {
  const auto* const found =
      std::find_if(kTypeNames.begin(), kTypeNames.end(), [&](const TypeName& type) { return type.kind == kind; });
  return found == kTypeNames.end() ? "LIST" : found->name;
}

ValueKind value_kind(SqlKind kind) {
  switch (kind) {
    case SqlKind::kNull:
      return ValueKind::kNull;
    case SqlKind::kBoolean:
      return ValueKind::kBoolean;
    case SqlKind::kDecimal:
    case SqlKind::kFloat:
    case SqlKind::kDouble:
      return ValueKind::kDouble;
    case SqlKind::kVarchar:
      return ValueKind::kText;
    case SqlKind::kDate:
      return ValueKind::kDate;
    case SqlKind::kTimestamp:
      return ValueKind::kTimestamp;
    case SqlKind::kList:
      return ValueKind::kList;
    default:
      return ValueKind::kInteger;
  }
}

SqlKind sql_kind(ValueKind kind) {
  switch (kind) {
    case ValueKind::kNull:
      return SqlKind::kNull;
    case ValueKind::kBoolean:
      return SqlKind::kBoolean;
    case ValueKind::kInteger:
      return SqlKind::kBigint;
    case ValueKind::kDouble:
      return SqlKind::kDouble;
    case ValueKind::kText:
      return SqlKind::kVarchar;
    case ValueKind::kDate:
      return SqlKind::kDate;
    case ValueKind::kTimestamp:
      return SqlKind::kTimestamp;
    case ValueKind::kList:
      return SqlKind::kList;
  }
  return SqlKind::kNull;
}

std::optional<uint8_t> small_number(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  uint8_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// "10,2" of decimal(10,2).
bool read_decimal_parameters(std::string_view parameters, SqlType& type) {
  const size_t comma = parameters.find(',');
  const std::optional<uint8_t> width = small_number(parameters.substr(0, comma));
  const std::optional<uint8_t> scale =
      comma == std::string_view::npos ? uint8_t{0} : small_number(parameters.substr(comma + 1));
  if (!width || !scale || *width == 0 || *width > kMaxWidth || *scale > *width) return false;
  type.width = *width;
  type.scale = *scale;
  return true;
}

std::optional<SqlType> parse_scalar(std::string_view name) {
  const size_t open = name.find('(');
  const std::string_view bare = name.substr(0, open);
  const auto* const found =
      std::find_if(kTypeNames.begin(), kTypeNames.end(), [&](const TypeName& type) { return type.name == bare; });
  if (found == kTypeNames.end()) return std::nullopt;
  SqlType type{.kind = found->kind};
  const bool is_decimal = type.kind == SqlKind::kDecimal;
  if (is_decimal) {
    type.width = kDefaultWidth;
    type.scale = kDefaultScale;
  }
  if (open == std::string_view::npos) return type;
  if (!name.ends_with(')')) return std::nullopt;
  const std::string_view parameters = name.substr(open + 1, name.size() - open - 2);
  if (is_decimal) return read_decimal_parameters(parameters, type) ? std::optional(type) : std::nullopt;
  // varchar(n): the length is not enforced, as in DuckDB.
  if (type.kind == SqlKind::kVarchar && !parameters.empty() &&
      parameters.find_first_not_of("0123456789") == std::string_view::npos) {
    return type;
  }
  return std::nullopt;
}

}  // namespace

SqlType SqlType::list_of(const SqlType& element) {
  if (element.is_list()) return nested(element.base, static_cast<uint8_t>(element.depth + 1));
  return nested(element.kind == SqlKind::kDecimal ? SqlKind::kDouble : element.kind, 1);
}

ValueType SqlType::value_type() const {
  const bool is_single = kind == SqlKind::kFloat || base == SqlKind::kFloat;
  if (!is_list()) return {value_kind(kind), ValueKind::kNull, ValueKind::kNull, is_single};
  const auto kind_at = [&](int level) { return depth > level ? ValueKind::kList : value_kind(base); };
  return {ValueKind::kList, kind_at(1), depth > 1 ? kind_at(2) : ValueKind::kNull, is_single};
}

SqlType SqlType::from_value_type(const ValueType& type) {
  const auto sql_kind_of = [&](ValueKind value) {
    return value == ValueKind::kDouble && type.is_single_precision ? SqlKind::kFloat : sql_kind(value);
  };
  if (type.kind != ValueKind::kList) return {.kind = sql_kind_of(type.kind)};
  if (type.element != ValueKind::kList) return nested(sql_kind_of(type.element), 1);
  return nested(sql_kind_of(type.inner_element), 2);
}

std::string SqlType::to_string() const {
  if (kind == SqlKind::kList) return element_type().to_string() + "[]";
  std::string name(kind_name(kind));
  if (kind == SqlKind::kDecimal) name += "(" + std::to_string(width) + "," + std::to_string(scale) + ")";
  return name;
}

std::optional<SqlType> parse_sql_type(std::string_view name) {
  std::string upper(name);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](char c) { return static_cast<char>(std::toupper(static_cast<unsigned char>(c))); });
  std::string_view scalar = upper;
  int dimensions = 0;
  while (scalar.ends_with("[]")) {
    scalar.remove_suffix(2);
    ++dimensions;
  }
  std::optional<SqlType> type = dimensions > SqlType::kMaxDepth ? std::nullopt : parse_scalar(scalar);
  for (; type && dimensions > 0; --dimensions) type = SqlType::list_of(*type);
  return type;
}

std::span<const std::string> known_type_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const TypeName& type : kTypeNames) all.emplace_back(type.name);
    return all;
  }();
  return names;
}

}  // namespace linkwright
