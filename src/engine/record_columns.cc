#include "engine/record_columns.h"

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/builder.h>
#include <arrow/type.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "expr/arrow_values.h"

namespace linkwright {
namespace {

using ArrayPtr = std::shared_ptr<arrow::Array>;

using BufferPtr = std::shared_ptr<arrow::Buffer>;

constexpr uint32_t kNoPlace = UINT32_MAX;

// Where each row's value stands in the column's distinct values; kNoPlace for null.
std::vector<uint32_t> places_of(const EncodedColumn& column, std::span<const uint32_t> rows) {
  std::vector<uint32_t> places(rows.size());
  for (size_t k = 0; k < rows.size(); ++k) places[k] = column.codes[rows[k]] - 1;
  return places;
}

struct Validity {
  BufferPtr bits;  // none when every place is one
  int64_t nulls = 0;
};

Result<Validity> validity_of(std::span<const uint32_t> places) {
  Validity validity;
  validity.nulls = std::count(places.begin(), places.end(), kNoPlace);
  if (validity.nulls == 0) return validity;
  ARROW_ASSIGN_OR_RAISE(validity.bits, arrow::AllocateEmptyBitmap(static_cast<int64_t>(places.size())));
  uint8_t* bits = validity.bits->mutable_data();
  for (size_t k = 0; k < places.size(); ++k) {
    bits[k / 8] = static_cast<uint8_t>(bits[k / 8] | (static_cast<unsigned>(places[k] != kNoPlace) << (k % 8)));
  }
  return validity;
}

// The texts at `places`, copied into one buffer of the size they need.
template <typename TextArray>
Result<ArrayPtr> gather_text(const TextArray& values, std::span<const uint32_t> places) {
  const auto* begins = values.raw_value_offsets();
  const auto* bytes = reinterpret_cast<const char*>(values.raw_data());
  const auto size = static_cast<int64_t>(places.size());
  ARROW_ASSIGN_OR_RAISE(BufferPtr offsets, arrow::AllocateBuffer((size + 1) * static_cast<int64_t>(sizeof(int32_t))));
  auto* ends = reinterpret_cast<int32_t*>(offsets->mutable_data());
  int64_t total = 0;
  *ends++ = 0;
  for (const uint32_t place : places) {
    if (place != kNoPlace) total += begins[place + 1] - begins[place];
    *ends++ = static_cast<int32_t>(total);
  }
  if (total > INT32_MAX) {
    return Status::CapacityError(size, " rows have ", total, " bytes of text; outputs take 2 GiB at a time");
  }
  ARROW_ASSIGN_OR_RAISE(BufferPtr data, arrow::AllocateBuffer(total));
  auto* out = reinterpret_cast<char*>(data->mutable_data());
  for (const uint32_t place : places) {
    if (place == kNoPlace) continue;
    const auto length = static_cast<size_t>(begins[place + 1] - begins[place]);
    std::memcpy(out, bytes + begins[place], length);
    out += length;
  }
  ARROW_ASSIGN_OR_RAISE(Validity validity, validity_of(places));
  return std::make_shared<arrow::StringArray>(size, offsets, data, validity.bits, validity.nulls);
}

Result<ArrayPtr> gather_text(const arrow::Array& values, std::span<const uint32_t> places) {
  if (values.type_id() == arrow::Type::STRING) {
    return gather_text(static_cast<const arrow::StringArray&>(values), places);
  }
  return gather_text(static_cast<const arrow::LargeStringArray&>(values), places);
}

}  // namespace

std::shared_ptr<arrow::DataType> gathered_type(const EncodedColumn& column) {
  return column.type.kind == ValueKind::kText ? arrow::utf8() : column.values->type();
}

Result<ArrayPtr> gather_values(const EncodedColumn& column, std::span<const uint32_t> rows) {
  if (column.type.kind == ValueKind::kText) return gather_text(*column.values, places_of(column, rows));
  ARROW_ASSIGN_OR_RAISE(ArrayValues values, ArrayValues::make(column.values));
  ARROW_ASSIGN_OR_RAISE(ValueArrayBuilder builder, ValueArrayBuilder::make(column.type));
  for (const uint32_t row : rows) {
    const uint32_t code = column.codes[row];
    ARROW_RETURN_NOT_OK(builder.append(code == 0 ? Value::null() : values.at(code - 1)));
  }
  return builder.finish();
}

std::shared_ptr<arrow::DataType> coded_text_type() { return arrow::dictionary(arrow::int32(), arrow::utf8()); }

bool has_repeating_text(const EncodedColumn& column) {
  return column.values->type_id() == arrow::Type::STRING && column.codes.size() / 4 >= column.num_codes();
}

Result<ArrayPtr> gather_codes(const EncodedColumn& column, std::span<const uint32_t> rows) {
  std::vector<uint32_t> places = places_of(column, rows);
  ARROW_ASSIGN_OR_RAISE(Validity validity, validity_of(places));
  const auto indices = std::make_shared<arrow::Int32Array>(
      static_cast<int64_t>(rows.size()), arrow::Buffer::FromVector(std::move(places)), validity.bits, validity.nulls);
  return std::make_shared<arrow::DictionaryArray>(coded_text_type(), indices, column.values);
}

std::shared_ptr<arrow::DataType> gathered_id_type(const RecordTable& records) {
  return records.ids()->type_id() == arrow::Type::INT64 ? arrow::int64() : arrow::utf8();
}

Result<ArrayPtr> gather_ids(const RecordTable& records, std::span<const uint32_t> rows) {
  const arrow::Array& ids = *records.ids();
  if (ids.type_id() == arrow::Type::INT64) {
    const int64_t* values = static_cast<const arrow::Int64Array&>(ids).raw_values();
    arrow::Int64Builder builder;
    ARROW_RETURN_NOT_OK(builder.Reserve(static_cast<int64_t>(rows.size())));
    for (const uint32_t row : rows) builder.UnsafeAppend(values[row]);
    return builder.Finish();
  }
  return gather_text(ids, rows);
}

Result<ArrayPtr> gather_sources(const RecordTable& records, std::span<const uint32_t> rows) {
  arrow::Int32Builder indices;
  ARROW_RETURN_NOT_OK(indices.Reserve(static_cast<int64_t>(rows.size())));
  for (const uint32_t row : rows) indices.UnsafeAppend(records.source_of_row()[row]);
  arrow::StringBuilder names;
  ARROW_RETURN_NOT_OK(names.AppendValues(records.source_names()));
  ARROW_ASSIGN_OR_RAISE(const ArrayPtr index_array, indices.Finish());
  ARROW_ASSIGN_OR_RAISE(const ArrayPtr name_array, names.Finish());
  return arrow::DictionaryArray::FromArrays(coded_text_type(), index_array, name_array);
}

Result<ArrayPtr> gather_composite_ids(const RecordTable& records, std::span<const uint32_t> rows) {
  arrow::StringBuilder builder;
  ARROW_RETURN_NOT_OK(builder.Reserve(static_cast<int64_t>(rows.size())));
  for (const uint32_t row : rows) {
    const std::string& source = records.source_names()[records.source_of_row()[row]];
    ARROW_RETURN_NOT_OK(builder.Append(source + "-__-" + records.id_text(row)));
  }
  return builder.Finish();
}

}  // namespace linkwright
