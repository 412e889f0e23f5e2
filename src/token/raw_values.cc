#include "token/raw_values.h"

#include <arrow/array.h>
#include <arrow/scalar.h>
#include <arrow/type.h>

#include "token/gregorian_calendar.h"

namespace linkwright {
namespace {

template <class ArrayType>
void append_texts(const arrow::Array& column, std::vector<RawValue>* out) {
  const auto& texts = static_cast<const ArrayType&>(column);
  for (int64_t i = 0; i < texts.length(); ++i) {
    out->push_back(texts.IsNull(i) ? RawValue::null() : RawValue::of(texts.GetView(i)));
  }
}

Status append_dictionary(const arrow::Array& column, std::string_view name, std::deque<std::string>* converted,
                         std::vector<RawValue>* out) {
  const auto& encoded = static_cast<const arrow::DictionaryArray&>(column);
  std::vector<RawValue> values;
  ARROW_RETURN_NOT_OK(append_raw_values(*encoded.dictionary(), name, converted, &values));
  for (int64_t i = 0; i < encoded.length(); ++i) {
    out->push_back(encoded.IsNull(i) ? RawValue::null() : values[static_cast<size_t>(encoded.GetValueIndex(i))]);
  }
  return Status::OK();
}

}  // namespace

Status append_raw_values(const arrow::Array& column, std::string_view name, std::deque<std::string>* converted,
                         std::vector<RawValue>* out) {
  switch (column.type_id()) {
    case arrow::Type::STRING:
    case arrow::Type::BINARY:
      append_texts<arrow::BinaryArray>(column, out);
      return Status::OK();
    case arrow::Type::LARGE_STRING:
    case arrow::Type::LARGE_BINARY:
      append_texts<arrow::LargeBinaryArray>(column, out);
      return Status::OK();
    case arrow::Type::STRING_VIEW:
      append_texts<arrow::BinaryViewArray>(column, out);
      return Status::OK();
    case arrow::Type::DICTIONARY:
      return append_dictionary(column, name, converted, out);
    case arrow::Type::NA:
      out->insert(out->end(), static_cast<size_t>(column.length()), RawValue::null());
      return Status::OK();
    case arrow::Type::INT8:
    case arrow::Type::INT16:
    case arrow::Type::INT32:
    case arrow::Type::INT64:
    case arrow::Type::UINT8:
    case arrow::Type::UINT16:
    case arrow::Type::UINT32:
    case arrow::Type::UINT64:
    case arrow::Type::DATE32:
      break;
    default:
      return Status::TypeError("column '", name, "' has the type ", column.type()->ToString(),
                               "; people are read from text, whole numbers and dates: cast it first");
  }
  if (column.type_id() != arrow::Type::DATE32) return append_written_values(column, converted, out);
  const auto& dates = static_cast<const arrow::Date32Array&>(column);
  for (int64_t i = 0; i < dates.length(); ++i) {
    out->push_back(dates.IsNull(i) ? RawValue::null()
                                   : RawValue::of(converted->emplace_back(format_iso_date(dates.Value(i)))));
  }
  return Status::OK();
}

Status append_written_values(const arrow::Array& column, std::deque<std::string>* converted,
                             std::vector<RawValue>* out) {
  for (int64_t i = 0; i < column.length(); ++i) {
    if (column.IsNull(i)) {
      out->push_back(RawValue::null());
      continue;
    }
    ARROW_ASSIGN_OR_RAISE(const auto scalar, column.GetScalar(i));
    out->push_back(RawValue::of(converted->emplace_back(scalar->ToString())));
  }
  return Status::OK();
}

}  // namespace linkwright
