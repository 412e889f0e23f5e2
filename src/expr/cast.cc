#include "expr/cast.h"

#include <cmath>
#include <limits>
#include <string>

#include "base/ascii.h"
#include "expr/calendar.h"
#include "expr/list_text.h"
#include "expr/number_text.h"

namespace linkwright {
namespace {

struct IntegerRange {
  int64_t low;
  int64_t high;
};

template <typename Integer>
constexpr IntegerRange range_of() {
  return {std::numeric_limits<Integer>::min(), std::numeric_limits<Integer>::max()};
}

// HUGEINT and UBIGINT values beyond BIGINT are not represented.
IntegerRange integer_range(SqlKind kind) {
  switch (kind) {
    case SqlKind::kTinyint:
      return range_of<int8_t>();
    case SqlKind::kUtinyint:
      return range_of<uint8_t>();
    case SqlKind::kSmallint:
      return range_of<int16_t>();
    case SqlKind::kUsmallint:
      return range_of<uint16_t>();
    case SqlKind::kInteger:
      return range_of<int32_t>();
    case SqlKind::kUinteger:
      return range_of<uint32_t>();
    case SqlKind::kUbigint:
      return {0, std::numeric_limits<int64_t>::max()};
    default:
      return range_of<int64_t>();
  }
}

std::optional<bool> parse_boolean(std::string_view text) {
  const std::string lower = to_lower(text);
  for (const std::string_view word : {"true", "t", "1", "yes", "y"}) {
    if (lower == word) return true;
  }
  for (const std::string_view word : {"false", "f", "0", "no", "n"}) {
    if (lower == word) return false;
  }
  return std::nullopt;
}

double power_of_ten(int exponent) { return std::pow(10.0, exponent); }

std::optional<Value> number_to_integer(double number, const SqlType& from, const IntegerRange& range) {
  // Doubles round half to even, decimals half away from zero, as in DuckDB.
  const double rounded = from.kind == SqlKind::kDecimal ? std::round(number) : std::nearbyint(number);
  constexpr double kTwoTo63 = 9223372036854775808.0;
  if (!(rounded >= -kTwoTo63 && rounded < kTwoTo63)) return std::nullopt;
  const auto integer = static_cast<int64_t>(rounded);
  if (integer < range.low || integer > range.high) return std::nullopt;
  return Value::of_integer(integer);
}

std::optional<Value> to_integer(const Value& value, const SqlType& from, SqlKind to) {
  const IntegerRange range = integer_range(to);
  int64_t integer = 0;
  switch (value.kind) {
    case ValueKind::kBoolean:
      integer = value.boolean ? 1 : 0;
      break;
    case ValueKind::kInteger:
      integer = value.integer;
      break;
    case ValueKind::kDouble:
      return number_to_integer(value.number, from, range);
    default: {
      const std::optional<int64_t> parsed = parse_integer(value.text());
      if (!parsed) return std::nullopt;
      integer = *parsed;
    }
  }
  if (integer < range.low || integer > range.high) return std::nullopt;
  return Value::of_integer(integer);
}

std::optional<double> to_number(const Value& value) {
  switch (value.kind) {
    case ValueKind::kBoolean:
      return value.boolean ? 1.0 : 0.0;
    case ValueKind::kInteger:
      return static_cast<double>(value.integer);
    case ValueKind::kDouble:
      return value.number;
    default:
      return parse_double(value.text());
  }
}

std::optional<Value> to_double(const Value& value, const SqlType& to) {
  const std::optional<double> number = to_number(value);
  if (!number) return std::nullopt;
  if (to.kind != SqlKind::kFloat) return Value::of_double(*number);
  const auto single = static_cast<float>(*number);
  if (std::isinf(single) && !std::isinf(*number)) return std::nullopt;
  return Value::of_double(static_cast<double>(single));
}

std::optional<Value> to_decimal(const Value& value, const SqlType& from, const SqlType& to) {
  std::optional<double> number = to_number(value);
  if (!number || !std::isfinite(*number)) return std::nullopt;
  // Text is exact: '1.005' rounds up at two digits although the double nearest to it lies below.
  constexpr int kTextDigits = 15;
  if (value.kind == ValueKind::kText) number = round_to_scale(*number, std::min<int>(kTextDigits, to.scale + 6));
  const bool exact = value.kind == ValueKind::kText || from.kind == SqlKind::kDecimal;
  const double scale = power_of_ten(to.scale);
  const double rounded = exact ? round_to_scale(*number, to.scale) : std::round(*number * scale) / scale;
  if (std::abs(rounded) >= power_of_ten(to.width - to.scale)) return std::nullopt;
  return Value::of_double(rounded);
}

std::optional<Value> to_boolean(const Value& value) {
  switch (value.kind) {
    case ValueKind::kBoolean:
      return value;
    case ValueKind::kInteger:
      return Value::of_boolean(value.integer != 0);
    case ValueKind::kDouble:
      return Value::of_boolean(value.number != 0);
    default: {
      const std::optional<bool> parsed = parse_boolean(value.text());
      return parsed ? std::optional(Value::of_boolean(*parsed)) : std::nullopt;
    }
  }
}

std::optional<Value> to_date(const Value& value) {
  if (value.kind == ValueKind::kTimestamp) return Value::of_date(floor_divide(value.integer, kMicrosPerDay));
  const std::optional<int64_t> days = parse_date(value.text());
  return days ? std::optional(Value::of_date(*days)) : std::nullopt;
}

std::optional<Value> to_timestamp(const Value& value) {
  if (value.kind == ValueKind::kText) {
    const std::optional<int64_t> micros = parse_timestamp(value.text());
    return micros ? std::optional(Value::of_timestamp(*micros)) : std::nullopt;
  }
  int64_t micros = 0;
  if (__builtin_mul_overflow(value.integer, kMicrosPerDay, &micros)) return std::nullopt;
  return Value::of_timestamp(micros);
}

std::optional<Value> convert_scalar(const Value& value, const SqlType& from, const SqlType& to) {
  switch (to.kind) {
    case SqlKind::kBoolean:
      return to_boolean(value);
    case SqlKind::kDecimal:
      return to_decimal(value, from, to);
    case SqlKind::kFloat:
    case SqlKind::kDouble:
      return to_double(value, to);
    case SqlKind::kDate:
      return to_date(value);
    case SqlKind::kTimestamp:
      return to_timestamp(value);
    default:
      return to_integer(value, from, to.kind);
  }
}

bool has_scalar_cast(const SqlType& from, const SqlType& to) {
  if (from.kind == SqlKind::kVarchar || to.kind == SqlKind::kVarchar) return true;
  const bool from_moment = from.kind == SqlKind::kDate || from.kind == SqlKind::kTimestamp;
  const bool to_moment = to.kind == SqlKind::kDate || to.kind == SqlKind::kTimestamp;
  return from_moment == to_moment;
}

// Whether all values of `from` are values of `to` as they are.
bool is_same_representation(const SqlType& from, const SqlType& to) {
  if (from == to || from.is_null()) return true;
  if (from.is_integer() && to.is_integer()) {
    const IntegerRange narrow = integer_range(from.kind);
    const IntegerRange wide = integer_range(to.kind);
    return wide.low <= narrow.low && narrow.high <= wide.high;
  }
  const bool from_double = from.kind == SqlKind::kDecimal || from.kind == SqlKind::kFloat;
  return from_double && to.kind == SqlKind::kDouble;
}

std::string cast_error(const Value& value, const SqlType& from, const SqlType& to) {
  std::string text = text_of(value, from);
  constexpr size_t kShown = 80;
  if (text.size() > kShown) text = text.substr(0, kShown) + "...";
  return "cannot convert " + (value.kind == ValueKind::kText ? "'" + text + "'" : text) + " to " + to.to_string() +
         "; TRY_CAST gives NULL instead";
}

CastFunction scalar_cast(const SqlType& from, const SqlType& to, bool is_try) {
  if (to.kind == SqlKind::kVarchar) {
    return [from](const Value& value, Frame& frame) { return frame.text(text_of(value, from)); };
  }
  return [from, to, is_try](const Value& value, Frame& frame) {
    const std::optional<Value> converted = convert_scalar(value, from, to);
    if (converted) return *converted;
    return is_try ? Value::null() : frame.fail(cast_error(value, from, to));
  };
}

CastFunction list_cast(CastFunction element) {
  return [element = std::move(element)](const Value& value, Frame& frame) {
    const std::span<Value> items = frame.arena().allocate_values(value.list().size());
    for (size_t i = 0; i < items.size(); ++i) {
      const Value& item = value.list()[i];
      items[i] = item.is_null() ? item : element(item, frame);
    }
    return Value::of_list(items);
  };
}

// VARCHAR to a list: reads '[a, b]' as texts, then casts each.
std::optional<CastFunction> text_to_list(const SqlType& to, bool is_try) {
  const SqlType text{.kind = SqlKind::kVarchar};
  std::optional<CastFunction> elements = find_cast(SqlType::list_of(text), to, is_try);
  if (!elements || to.depth > 1) return std::nullopt;
  return [elements = *elements, to, is_try, text](const Value& value, Frame& frame) {
    const std::optional<Value> list = parse_list(value.text(), frame.arena());
    if (!list) return is_try ? Value::null() : frame.fail(cast_error(value, text, to));
    return elements ? elements(*list, frame) : *list;
  };
}

constexpr int kToText = 100;  // dearer than any way that keeps the kind

std::optional<int> number_cost(const SqlType& from, const SqlType& to) {
  if (from.is_integer() && to.is_integer())
    return 1 + std::abs(static_cast<int>(to.kind) - static_cast<int>(from.kind));
  if (to.kind == SqlKind::kDouble) return from.kind == SqlKind::kFloat ? 2 : 20;
  if (to.kind == SqlKind::kFloat && from.kind != SqlKind::kDouble) return 30;
  if (to.kind == SqlKind::kDecimal && from.is_integer()) return 25;
  if (to.kind == SqlKind::kDecimal && from.kind == SqlKind::kDecimal) return 1;
  return std::nullopt;
}

}  // namespace

double round_to_scale(double value, int scale) {
  const double factor = power_of_ten(scale);
  const double scaled = value * factor;
  constexpr double kExact = 9007199254740992.0;  // 2^53
  if (!(std::abs(scaled) < kExact)) return value;
  // The product of a decimal with a power of ten can lie a hair beside the half it stands for.
  constexpr double kHair = 1e-15;
  const double nudged = scaled + std::copysign(std::abs(scaled) * kHair, scaled);
  return std::round(nudged) / factor;
}

std::optional<CastFunction> find_cast(const SqlType& from, const SqlType& to, bool is_try) {
  if (is_same_representation(from, to)) return CastFunction();
  if (from.is_list() && to.is_list()) {
    std::optional<CastFunction> element = find_cast(from.element_type(), to.element_type(), is_try);
    if (!element || !*element) return element;
    return list_cast(std::move(*element));
  }
  if (to.is_list()) return from.kind == SqlKind::kVarchar ? text_to_list(to, is_try) : std::nullopt;
  if (from.is_list() && to.kind != SqlKind::kVarchar) return std::nullopt;
  if (!has_scalar_cast(from, to)) return std::nullopt;
  return scalar_cast(from, to, is_try);
}

std::optional<int> implicit_cast_cost(const SqlType& from, const SqlType& to, bool is_text_literal) {
  if (from == to) return 0;
  if (from.is_null()) return 1;
  if (from.is_list() || to.is_list()) {
    if (!from.is_list() || !to.is_list()) return std::nullopt;
    return implicit_cast_cost(from.element_type(), to.element_type(), false);
  }
  if (to.kind == SqlKind::kVarchar) return kToText;
  if (from.kind == SqlKind::kVarchar) return is_text_literal ? std::optional(kToText / 2) : std::nullopt;
  if (from.is_number() && to.is_number()) return number_cost(from, to);
  if (from.kind == SqlKind::kDate && to.kind == SqlKind::kTimestamp) return 2;
  return std::nullopt;
}

std::string text_of(const Value& value, const SqlType& type) {
  switch (value.kind) {
    case ValueKind::kNull:
      return "NULL";
    case ValueKind::kBoolean:
      return value.boolean ? "true" : "false";
    case ValueKind::kInteger:
      return std::to_string(value.integer);
    case ValueKind::kDouble:
      if (type.kind == SqlKind::kDecimal) return format_decimal(value.number, type.scale);
      return type.kind == SqlKind::kFloat ? format_float(value.number) : format_double(value.number);
    case ValueKind::kText:
      return std::string(value.text());
    case ValueKind::kDate:
      return format_date(value.integer);
    case ValueKind::kTimestamp:
      return format_timestamp(value.integer);
    case ValueKind::kList:
      return format_list(value, type);
  }
  return "";
}

}  // namespace linkwright
