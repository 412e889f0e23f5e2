#include "expr/block_column.h"

namespace linkwright {

Value BlockColumn::at(size_t k) const {
  if (is_null(k)) return Value::null();
  if (truths != nullptr) return Value::of_boolean(truths[k] == kTrue);
  if (values != nullptr) return values[k];
  if (numbers != nullptr) return Value::of_double(numbers[k]);
  Value value = Value::of_integer(integers[k]);
  value.kind = kind;
  return value;
}

BlockBuffer::BlockBuffer(ValueKind kind) : kind_(kind) {
  switch (kind) {
    case ValueKind::kBoolean:
      truths_ = std::make_unique<Truth[]>(kBlockSize);
      return;
    case ValueKind::kInteger:
    case ValueKind::kDate:
    case ValueKind::kTimestamp:
      integers_ = std::make_unique<int64_t[]>(kBlockSize);
      break;
    case ValueKind::kDouble:
      numbers_ = std::make_unique<double[]>(kBlockSize);
      break;
    case ValueKind::kNull:
    case ValueKind::kText:
    case ValueKind::kList:
      values_ = std::make_unique<Value[]>(kBlockSize);
      return;
  }
  nulls_ = std::make_unique<uint8_t[]>(kBlockSize);
}

void BlockBuffer::set(size_t k, const Value& value) {
  if (truths_ != nullptr) {
    truths_[k] = value.is_null() ? kNullTruth : truth_of(value.boolean);
  } else if (values_ != nullptr) {
    values_[k] = value;
  } else {
    nulls_[k] = value.is_null() ? 1 : 0;
    if (numbers_ != nullptr) {
      numbers_[k] = value.is_null() ? 0.0 : value.number;
    } else {
      integers_[k] = value.is_null() ? 0 : value.integer;
    }
  }
}

BlockColumn BlockBuffer::column(bool has_nulls) const {
  return {kind_, truths_.get(), integers_.get(), numbers_.get(), values_.get(), has_nulls ? nulls_.get() : nullptr};
}

}  // namespace linkwright
