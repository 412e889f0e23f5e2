#include "expr/arrow_values.h"

#include <arrow/array/array_binary.h>
#include <arrow/array/array_decimal.h>
#include <arrow/array/array_dict.h>
#include <arrow/array/array_nested.h>
#include <arrow/array/array_primitive.h>
#include <arrow/array/builder_base.h>
#include <arrow/array/builder_binary.h>
#include <arrow/array/builder_nested.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/array/builder_time.h>
#include <arrow/builder.h>
#include <arrow/type.h>
#include <arrow/util/decimal.h>
#include <arrow/util/float16.h>

#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "expr/calendar.h"

namespace linkwright {
namespace {

using arrow::Type;

bool is_list(const arrow::DataType& type) {
  return type.id() == Type::LIST || type.id() == Type::LARGE_LIST || type.id() == Type::FIXED_SIZE_LIST;
}

/// Reads row `row` of an array whose row is not null.
using Reader = std::function<Value(int64_t row)>;

template <typename ArrayType>
Reader integer_reader(const arrow::Array& array) {
  const auto& typed = static_cast<const ArrayType&>(array);
  return [&typed](int64_t row) { return Value::of_integer(static_cast<int64_t>(typed.Value(row))); };
}

template <typename ArrayType>
Reader double_reader(const arrow::Array& array) {
  const auto& typed = static_cast<const ArrayType&>(array);
  return [&typed](int64_t row) { return Value::of_double(static_cast<double>(typed.Value(row))); };
}

template <typename ArrayType>
Reader text_reader(const arrow::Array& array) {
  const auto& typed = static_cast<const ArrayType&>(array);
  return [&typed](int64_t row) { return Value::of_text(typed.GetView(row)); };
}

template <typename ArrayType, typename DecimalValue>
Reader decimal_reader(const arrow::Array& array) {
  const auto& typed = static_cast<const ArrayType&>(array);
  const int32_t scale = static_cast<const arrow::DecimalType&>(*array.type()).scale();
  if (scale != 0) {
    return [&typed, scale](int64_t row) { return Value::of_double(DecimalValue(typed.GetValue(row)).ToDouble(scale)); };
  }
  return [&typed](int64_t row) {
    const DecimalValue value(typed.GetValue(row));
    const bool fits = value >= DecimalValue(std::numeric_limits<int64_t>::min()) &&
                      value <= DecimalValue(std::numeric_limits<int64_t>::max());
    return fits ? Value::of_integer(static_cast<int64_t>(value.low_bits())) : Value::null();
  };
}

Reader unsigned_reader(const arrow::Array& array) {
  const auto& typed = static_cast<const arrow::UInt64Array&>(array);
  return [&typed](int64_t row) {
    constexpr auto kMost = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
    const uint64_t value = typed.Value(row);
    return value > kMost ? Value::null() : Value::of_integer(static_cast<int64_t>(value));
  };
}

Reader half_reader(const arrow::Array& array) {
  const auto& typed = static_cast<const arrow::HalfFloatArray&>(array);
  return
      [&typed](int64_t row) { return Value::of_double(arrow::util::Float16::FromBits(typed.Value(row)).ToDouble()); };
}

Reader date_reader(const arrow::Array& array) {
  if (array.type_id() == Type::DATE32) {
    const auto& typed = static_cast<const arrow::Date32Array&>(array);
    return [&typed](int64_t row) { return Value::of_date(typed.Value(row)); };
  }
  const auto& typed = static_cast<const arrow::Date64Array&>(array);
  constexpr int64_t kMillisPerDay = kMicrosPerDay / 1000;
  return [&typed](int64_t row) { return Value::of_date(floor_divide(typed.Value(row), kMillisPerDay)); };
}

Reader timestamp_reader(const arrow::Array& array) {
  const auto& typed = static_cast<const arrow::TimestampArray&>(array);
  switch (static_cast<const arrow::TimestampType&>(*array.type()).unit()) {
    case arrow::TimeUnit::SECOND:
      return [&typed](int64_t row) { return Value::of_timestamp(typed.Value(row) * kMicrosPerSecond); };
    case arrow::TimeUnit::MILLI:
      return [&typed](int64_t row) { return Value::of_timestamp(typed.Value(row) * 1000); };
    case arrow::TimeUnit::NANO:
      return [&typed](int64_t row) { return Value::of_timestamp(floor_divide(typed.Value(row), 1000)); };
    default:
      return [&typed](int64_t row) { return Value::of_timestamp(typed.Value(row)); };
  }
}

Result<Reader> make_reader(const arrow::Array& array);

Result<Reader> dictionary_reader(const arrow::Array& array) {
  const auto& typed = static_cast<const arrow::DictionaryArray&>(array);
  const arrow::Array& dictionary = *typed.dictionary();
  ARROW_ASSIGN_OR_RAISE(Reader values, make_reader(dictionary));
  return Reader([&typed, &dictionary, values = std::move(values)](int64_t row) {
    const int64_t index = typed.GetValueIndex(row);
    return dictionary.IsNull(index) ? Value::null() : values(index);
  });
}

template <typename ArrayType>
Result<Reader> list_reader(const arrow::Array& array) {
  const auto& typed = static_cast<const ArrayType&>(array);
  const arrow::Array& items = *typed.values();
  ARROW_ASSIGN_OR_RAISE(Reader item, make_reader(items));
  const bool holds_lists = is_list(*items.type());
  // The inner lists of one row share the inner reader's buffer, so each is copied to a buffer of its own.
  struct Buffers {
    std::vector<Value> row;
    std::vector<std::vector<Value>> inner;
  };
  auto buffers = std::make_shared<Buffers>();
  return Reader([&typed, &items, item = std::move(item), holds_lists, buffers](int64_t row) {
    const auto begin = static_cast<int64_t>(typed.value_offset(row));
    const auto size = static_cast<int64_t>(typed.value_length(row));
    buffers->row.clear();
    buffers->inner.clear();
    buffers->inner.reserve(holds_lists ? static_cast<size_t>(size) : 0);
    for (int64_t i = begin; i < begin + size; ++i) {
      Value value = items.IsNull(i) ? Value::null() : item(i);
      if (holds_lists && !value.is_null()) {
        buffers->inner.emplace_back(value.list().begin(), value.list().end());
        value = Value::of_list(buffers->inner.back());
      }
      buffers->row.push_back(value);
    }
    return Value::of_list(buffers->row);
  });
}

Result<Reader> make_reader(const arrow::Array& array) {
  switch (array.type_id()) {
    case Type::NA:
      return Reader([](int64_t) { return Value::null(); });
    case Type::BOOL: {
      const auto& typed = static_cast<const arrow::BooleanArray&>(array);
      return Reader([&typed](int64_t row) { return Value::of_boolean(typed.Value(row)); });
    }
    case Type::INT8:
      return integer_reader<arrow::Int8Array>(array);
    case Type::INT16:
      return integer_reader<arrow::Int16Array>(array);
    case Type::INT32:
      return integer_reader<arrow::Int32Array>(array);
    case Type::INT64:
      return integer_reader<arrow::Int64Array>(array);
    case Type::UINT8:
      return integer_reader<arrow::UInt8Array>(array);
    case Type::UINT16:
      return integer_reader<arrow::UInt16Array>(array);
    case Type::UINT32:
      return integer_reader<arrow::UInt32Array>(array);
    case Type::UINT64:
      return unsigned_reader(array);
    case Type::HALF_FLOAT:
      return half_reader(array);
    case Type::FLOAT:
      return double_reader<arrow::FloatArray>(array);
    case Type::DOUBLE:
      return double_reader<arrow::DoubleArray>(array);
    case Type::DECIMAL128:
      return decimal_reader<arrow::Decimal128Array, arrow::Decimal128>(array);
    case Type::DECIMAL256:
      return decimal_reader<arrow::Decimal256Array, arrow::Decimal256>(array);
    case Type::STRING:
      return text_reader<arrow::StringArray>(array);
    case Type::LARGE_STRING:
      return text_reader<arrow::LargeStringArray>(array);
    case Type::STRING_VIEW:
      return text_reader<arrow::StringViewArray>(array);
    case Type::DATE32:
    case Type::DATE64:
      return date_reader(array);
    case Type::TIMESTAMP:
      return timestamp_reader(array);
    case Type::DICTIONARY:
      return dictionary_reader(array);
    case Type::LIST:
      return list_reader<arrow::ListArray>(array);
    case Type::LARGE_LIST:
      return list_reader<arrow::LargeListArray>(array);
    case Type::FIXED_SIZE_LIST:
      return list_reader<arrow::FixedSizeListArray>(array);
    default:
      return Status::NotImplemented("values of Arrow type ", array.type()->ToString());
  }
}

Result<ValueType> list_type(const arrow::DataType& type) {
  const auto& list = static_cast<const arrow::BaseListType&>(type);
  ARROW_ASSIGN_OR_RAISE(const ValueType element, value_type(*list.value_type()));
  if (element.kind == ValueKind::kList && element.element == ValueKind::kList) {
    return Status::NotImplemented("lists of lists of lists (Arrow type ", type.ToString(), ")");
  }
  return ValueType{ValueKind::kList, element.kind, element.element, element.is_single_precision};
}

Status append_value(const Value& value, arrow::ArrayBuilder& builder) {
  if (value.is_null()) return builder.AppendNull();
  switch (builder.type()->id()) {
    case Type::BOOL:
      return static_cast<arrow::BooleanBuilder&>(builder).Append(value.boolean);
    case Type::INT64:
      return static_cast<arrow::Int64Builder&>(builder).Append(value.integer);
    case Type::DOUBLE:
      return static_cast<arrow::DoubleBuilder&>(builder).Append(value.number);
    case Type::STRING:
      return static_cast<arrow::StringBuilder&>(builder).Append(value.text());
    case Type::DATE32:
      return static_cast<arrow::Date32Builder&>(builder).Append(static_cast<int32_t>(value.integer));
    case Type::TIMESTAMP:
      return static_cast<arrow::TimestampBuilder&>(builder).Append(value.integer);
    case Type::LIST: {
      auto& list = static_cast<arrow::ListBuilder&>(builder);
      ARROW_RETURN_NOT_OK(list.Append());
      for (const Value& item : value.list()) ARROW_RETURN_NOT_OK(append_value(item, *list.value_builder()));
      return Status::OK();
    }
    default:
      return builder.AppendNull();
  }
}

}  // namespace

Result<ValueType> value_type(const arrow::DataType& type) {
  switch (type.id()) {
    case Type::NA:
      return ValueType{ValueKind::kNull};
    case Type::BOOL:
      return ValueType{ValueKind::kBoolean};
    case Type::INT8:
    case Type::INT16:
    case Type::INT32:
    case Type::INT64:
    case Type::UINT8:
    case Type::UINT16:
    case Type::UINT32:
    case Type::UINT64:
      return ValueType{ValueKind::kInteger};
    case Type::HALF_FLOAT:
    case Type::FLOAT:
      return ValueType{ValueKind::kDouble, ValueKind::kNull, ValueKind::kNull, true};
    case Type::DOUBLE:
      return ValueType{ValueKind::kDouble};
    case Type::DECIMAL128:
    case Type::DECIMAL256:
      return ValueType{static_cast<const arrow::DecimalType&>(type).scale() == 0 ? ValueKind::kInteger
                                                                                 : ValueKind::kDouble};
    case Type::STRING:
    case Type::LARGE_STRING:
    case Type::STRING_VIEW:
      return ValueType{ValueKind::kText};
    case Type::DATE32:
    case Type::DATE64:
      return ValueType{ValueKind::kDate};
    case Type::TIMESTAMP:
      return ValueType{ValueKind::kTimestamp};
    case Type::DICTIONARY:
      return value_type(*static_cast<const arrow::DictionaryType&>(type).value_type());
    case Type::LIST:
    case Type::LARGE_LIST:
    case Type::FIXED_SIZE_LIST:
      return list_type(type);
    default:
      return Status::NotImplemented(
          "columns of Arrow type ", type.ToString(),
          " cannot be used in expressions; have it as text, numbers, dates or booleans, or as lists of these");
  }
}

Result<std::shared_ptr<arrow::DataType>> arrow_type(const ValueType& type) {
  switch (type.kind) {
    case ValueKind::kNull:
      return arrow::null();
    case ValueKind::kBoolean:
      return arrow::boolean();
    case ValueKind::kInteger:
      return arrow::int64();
    case ValueKind::kDouble:
      return arrow::float64();
    case ValueKind::kText:
      return arrow::utf8();
    case ValueKind::kDate:
      return arrow::date32();
    case ValueKind::kTimestamp:
      return arrow::timestamp(arrow::TimeUnit::MICRO);
    case ValueKind::kList:
      break;
  }
  if (type.element == ValueKind::kList && type.inner_element == ValueKind::kList) {
    return Status::NotImplemented("lists of lists of lists cannot be written");
  }
  ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::DataType> element, arrow_type({type.element, type.inner_element}));
  return arrow::list(std::move(element));
}

struct ArrayValues::State {
  std::shared_ptr<arrow::Array> array;
  ValueType type;
  Reader read;
};

ArrayValues::ArrayValues(std::unique_ptr<State> state) : state_(std::move(state)) {}
ArrayValues::ArrayValues(ArrayValues&&) noexcept = default;
ArrayValues& ArrayValues::operator=(ArrayValues&&) noexcept = default;
ArrayValues::~ArrayValues() = default;

Result<ArrayValues> ArrayValues::make(std::shared_ptr<arrow::Array> array) {
  auto state = std::make_unique<State>();
  ARROW_ASSIGN_OR_RAISE(state->type, value_type(*array->type()));
  ARROW_ASSIGN_OR_RAISE(state->read, make_reader(*array));
  state->array = std::move(array);
  return ArrayValues(std::move(state));
}

const ValueType& ArrayValues::type() const { return state_->type; }
int64_t ArrayValues::length() const { return state_->array->length(); }
Value ArrayValues::at(int64_t row) { return state_->array->IsNull(row) ? Value::null() : state_->read(row); }

struct ValueArrayBuilder::State {
  std::unique_ptr<arrow::ArrayBuilder> builder;
};

ValueArrayBuilder::ValueArrayBuilder(std::unique_ptr<State> state) : state_(std::move(state)) {}
ValueArrayBuilder::ValueArrayBuilder(ValueArrayBuilder&&) noexcept = default;
ValueArrayBuilder::~ValueArrayBuilder() = default;

Result<ValueArrayBuilder> ValueArrayBuilder::make(const ValueType& type) {
  ARROW_ASSIGN_OR_RAISE(const std::shared_ptr<arrow::DataType> arrow, arrow_type(type));
  auto state = std::make_unique<State>();
  ARROW_ASSIGN_OR_RAISE(state->builder, arrow::MakeBuilder(arrow));
  return ValueArrayBuilder(std::move(state));
}

Status ValueArrayBuilder::append(const Value& value) { return append_value(value, *state_->builder); }
Result<std::shared_ptr<arrow::Array>> ValueArrayBuilder::finish() { return state_->builder->Finish(); }

}  // namespace linkwright
