#include "column/common_type.h"

#include <arrow/array.h>

#include <deque>
#include <string>
#include <vector>

#include "column/integer_range.h"
#include "expr/arrow_values.h"
#include "expr/calendar.h"
#include "expr/cast.h"

namespace linkwright {
namespace {

ValueType element_of(const ValueType& list) {
  return {list.element, list.inner_element, ValueKind::kNull, list.is_single_precision};
}

// Where the texts and lists of one row are kept until it is appended.
struct RowBuffers {
  std::deque<std::string> texts;
  std::deque<std::vector<Value>> lists;
};

Value widened_value(const Value& value, const ValueType& from, const ValueType& to, RowBuffers* buffers) {
  if (value.is_null()) return value;
  if (to.kind == ValueKind::kList) {
    std::vector<Value>& items = buffers->lists.emplace_back();
    for (const Value& item : value.list()) {
      items.push_back(widened_value(item, element_of(from), element_of(to), buffers));
    }
    return Value::of_list(items);
  }
  if (from.kind == to.kind) return value;
  if (to.kind == ValueKind::kText) {
    return Value::of_text(buffers->texts.emplace_back(text_of(value, SqlType::from_value_type(from))));
  }
  if (to.kind == ValueKind::kTimestamp) return Value::of_timestamp(value.integer * kMicrosPerDay);
  const auto number = static_cast<double>(value.integer);
  return Value::of_double(to.is_single_precision ? static_cast<double>(static_cast<float>(number)) : number);
}

}  // namespace

std::optional<ValueType> common_type(const ValueType& a, const ValueType& b) {
  if (a == b || b.kind == ValueKind::kNull) return a;
  if (a.kind == ValueKind::kNull) return b;
  if (a.kind == ValueKind::kList && b.kind == ValueKind::kList) {
    const std::optional<ValueType> element = common_type(element_of(a), element_of(b));
    if (!element) return std::nullopt;
    return ValueType{ValueKind::kList, element->kind, element->element, element->is_single_precision};
  }
  if (a.kind == ValueKind::kList || b.kind == ValueKind::kList) return std::nullopt;
  if (a.kind == ValueKind::kText || b.kind == ValueKind::kText) return ValueType{ValueKind::kText};
  const auto are = [&](ValueKind one, ValueKind other) {
    return (a.kind == one && b.kind == other) || (a.kind == other && b.kind == one);
  };
  if (are(ValueKind::kDouble, ValueKind::kDouble)) return ValueType{ValueKind::kDouble};
  if (are(ValueKind::kInteger, ValueKind::kDouble)) return a.kind == ValueKind::kDouble ? a : b;
  if (are(ValueKind::kDate, ValueKind::kTimestamp)) return ValueType{ValueKind::kTimestamp};
  return std::nullopt;
}

Result<std::shared_ptr<arrow::Array>> widened(std::shared_ptr<arrow::Array> array, const ValueType& type) {
  ARROW_ASSIGN_OR_RAISE(ArrayValues values, ArrayValues::make(array));
  const ValueType from = values.type();
  if (from == type || from.kind == ValueKind::kNull) return array;
  ARROW_ASSIGN_OR_RAISE(ValueArrayBuilder builder, ValueArrayBuilder::make(type));
  for (int64_t row = 0; row < values.length(); ++row) {
    RowBuffers buffers;
    const Value value = values.at(row);
    if (value.is_null()) ARROW_RETURN_NOT_OK(check_integer_range(*array, row));
    ARROW_RETURN_NOT_OK(builder.append(widened_value(value, from, type, &buffers)));
  }
  return builder.finish();
}

}  // namespace linkwright
