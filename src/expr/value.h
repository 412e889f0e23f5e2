#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace linkwright {

/// The types of the SQL subset, named as DuckDB names what they stand for.
enum class ValueKind : uint8_t { kNull, kBoolean, kInteger, kDouble, kText, kDate, kTimestamp, kList };

/// A type: a kind and, for lists, the type of the elements.
struct ValueType {
  ValueKind kind = ValueKind::kNull;
  ValueKind element = ValueKind::kNull;        // kList only
  ValueKind inner_element = ValueKind::kNull;  // a list of lists only
  bool is_single_precision = false;            // doubles (or lists of them) that come from FLOAT: 0.1 as FLOAT = 0.1

  bool operator==(const ValueType&) const = default;
};

/// "integer", "text", "list of text": for messages.
std::string to_string(const ValueType& type);

/// One SQL value, borrowed: text and lists point into memory that its maker keeps alive (an Arrow buffer or the
/// evaluation's own arena). Trivially copyable.
///
/// Dates are days and timestamps are microseconds since 1970-01-01T00:00:00Z.
struct Value {
  ValueKind kind = ValueKind::kNull;
  union {
    bool boolean;
    int64_t integer = 0;  // also the days of a date and the microseconds of a timestamp
    double number;
    struct {
      const char* data;
      size_t size;
    } text_bytes;
    struct {
      const Value* data;
      size_t size;
    } list_items;
  };

  bool is_null() const { return kind == ValueKind::kNull; }
  std::string_view text() const { return {text_bytes.data, text_bytes.size}; }
  std::span<const Value> list() const { return {list_items.data, list_items.size}; }

  static Value null() { return {}; }
  static Value of_boolean(bool value);
  static Value of_integer(int64_t value);
  static Value of_double(double value);
  static Value of_text(std::string_view value);
  static Value of_date(int64_t days);
  static Value of_timestamp(int64_t microseconds);
  static Value of_list(std::span<const Value> items);
};

}  // namespace linkwright
