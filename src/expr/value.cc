#include "expr/value.h"

namespace linkwright {
namespace {

std::string kind_name(ValueKind kind) {
  switch (kind) {
    case ValueKind::kNull:
      return "null";
    case ValueKind::kBoolean:
      return "boolean";
    case ValueKind::kInteger:
      return "integer";
    case ValueKind::kDouble:
      return "double";
    case ValueKind::kText:
      return "text";
    case ValueKind::kDate:
      return "date";
    case ValueKind::kTimestamp:
      return "timestamp";
    case ValueKind::kList:
      return "list";
  }
  return "";
}

}  // namespace

std::string to_string(const ValueType& type) {
  if (type.kind != ValueKind::kList) return kind_name(type.kind);
  return "list of " + to_string(ValueType{type.element, type.inner_element});
}

Value Value::of_boolean(bool value) {
  Value result;
  result.kind = ValueKind::kBoolean;
  result.boolean = value;
  return result;
}

Value Value::of_integer(int64_t value) {
  Value result;
  result.kind = ValueKind::kInteger;
  result.integer = value;
  return result;
}

Value Value::of_double(double value) {
  Value result;
  result.kind = ValueKind::kDouble;
  result.number = value;
  return result;
}

Value Value::of_text(std::string_view value) {
  Value result;
  result.kind = ValueKind::kText;
  result.text_bytes = {value.data(), value.size()};
  return result;
}

Value Value::of_date(int64_t days) {
  Value result;
  result.kind = ValueKind::kDate;
  result.integer = days;
  return result;
}

Value Value::of_timestamp(int64_t microseconds) {
  Value result;
  result.kind = ValueKind::kTimestamp;
  result.integer = microseconds;
  return result;
}

Value Value::of_list(std::span<const Value> items) {
  Value result;
  result.kind = ValueKind::kList;
  result.list_items = {items.data(), items.size()};
  return result;
}

}  // namespace linkwright
