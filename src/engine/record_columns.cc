#include "engine/record_columns.h"

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/builder.h>
#include <arrow/type.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>
#include <utility>

#include "expr/arrow_values.h"

namespace linkwright {
namespace {

using ArrayPtr = std::shared_ptr<arrow::Array>;
using BufferPtr = std::shared_ptr<arrow::Buffer>;

constexpr int32_t kNull = -1;

// The texts at `codes`, copied into one buffer of the size they need.
template <typename TextArray>
Result<ArrayPtr> gather_text(const TextArray& values, const RowCodes& codes) {
  const auto* begins = values.raw_value_offsets();
  const auto* bytes = reinterpret_cast<const char*>(values.raw_data());
  ARROW_ASSIGN_OR_RAISE(BufferPtr offsets, int32_buffer(codes.view().size() + 1));
  auto* ends = reinterpret_cast<int32_t*>(offsets->mutable_data());
  int64_t total = 0;
  *ends++ = 0;
  for (const int32_t code : codes.view()) {
    if (code != kNull) total += begins[code + 1] - begins[code];
    *ends++ = static_cast<int32_t>(total);
  }
  if (total > INT32_MAX) {
    return Status::CapacityError(codes.size, " rows have ", total, " bytes of text; outputs take 2 GiB at a time");
  }
  ARROW_ASSIGN_OR_RAISE(BufferPtr data, arrow::AllocateBuffer(total));
  auto* out = reinterpret_cast<char*>(data->mutable_data());
  for (const int32_t code : codes.view()) {
    if (code == kNull) continue;
    const auto length = static_cast<size_t>(begins[code + 1] - begins[code]);
    std::memcpy(out, bytes + begins[code], length);
    out += length;
  }
  return std::make_shared<arrow::StringArray>(codes.size, offsets, data, codes.validity, codes.nulls);
}

Result<ArrayPtr> gather_text(const arrow::Array& values, const RowCodes& codes) {
  if (values.type_id() == arrow::Type::STRING) {
    return gather_text(static_cast<const arrow::StringArray&>(values), codes);
  }
  return gather_text(static_cast<const arrow::LargeStringArray&>(values), codes);
}

// Values of fixed width, whatever they mean; 0 where there is none.
template <typename Word>
Result<ArrayPtr> gather_words(const ArrayPtr& values, const RowCodes& codes) {
  const Word* words = values->data()->GetValues<Word>(1);
  ARROW_ASSIGN_OR_RAISE(BufferPtr buffer, arrow::AllocateBuffer(codes.size * static_cast<int64_t>(sizeof(Word))));
  auto* out = reinterpret_cast<Word*>(buffer->mutable_data());
  for (const int32_t code : codes.view()) *out++ = code == kNull ? 0 : words[code];
  return arrow::MakeArray(
      arrow::ArrayData::Make(values->type(), codes.size, {codes.validity, std::move(buffer)}, codes.nulls));
}

}  // namespace

Result<BufferPtr> int32_buffer(size_t size) {
  ARROW_ASSIGN_OR_RAISE(BufferPtr buffer, arrow::AllocateBuffer(static_cast<int64_t>(size * sizeof(int32_t))));
  return buffer;
}

std::span<const int32_t> RowCodes::view() const {
  return {reinterpret_cast<const int32_t*>(indices->data()), static_cast<size_t>(size)};
}

Result<RowCodes> RowCodes::make(std::shared_ptr<arrow::Buffer> indices) {
  RowCodes codes{indices->size() / static_cast<int64_t>(sizeof(int32_t)), std::move(indices), nullptr, 0};
  const std::span<const int32_t> view = codes.view();
  ARROW_ASSIGN_OR_RAISE(BufferPtr validity, arrow::AllocateEmptyBitmap(codes.size));
  uint8_t* bits = validity->mutable_data();
  for (size_t k = 0; k < view.size(); k += 8) {
    const size_t count = std::min<size_t>(8, view.size() - k);
    unsigned valid = 0;
    for (size_t bit = 0; bit < count; ++bit) valid |= static_cast<unsigned>(view[k + bit] != kNull) << bit;
    *bits++ = static_cast<uint8_t>(valid);
    codes.nulls += static_cast<int64_t>(count) - std::popcount(valid);
  }
  if (codes.nulls > 0) codes.validity = std::move(validity);
  return codes;
}

Result<RowCodes> gather_codes(const EncodedColumn& column, std::span<const uint32_t> rows) {
  ARROW_ASSIGN_OR_RAISE(BufferPtr indices, int32_buffer(rows.size()));
  auto* out = reinterpret_cast<int32_t*>(indices->mutable_data());
  for (const uint32_t row : rows) *out++ = static_cast<int32_t>(column.codes[row] - 1);
  return RowCodes::make(std::move(indices));
}

ArrayPtr coded_array(const RowCodes& codes, const ArrayPtr& dictionary) {
  auto indices = std::make_shared<arrow::Int32Array>(codes.size, codes.indices, codes.validity, codes.nulls);
  return std::make_shared<arrow::DictionaryArray>(coded_type(*dictionary), std::move(indices), dictionary);
}

std::shared_ptr<arrow::DataType> coded_type(const arrow::Array& dictionary) {
  return arrow::dictionary(arrow::int32(), dictionary.type());
}

std::shared_ptr<arrow::DataType> entry_type(const arrow::Array& dictionary) {
  return dictionary.type_id() == arrow::Type::LARGE_STRING ? arrow::utf8() : dictionary.type();
}

Result<ArrayPtr> gather_entries(const ArrayPtr& dictionary, const RowCodes& codes) {
  if (arrow::is_base_binary_like(dictionary->type_id())) return gather_text(*dictionary, codes);
  switch (dictionary->type()->bit_width()) {
    case 32:
      return gather_words<uint32_t>(dictionary, codes);
    case 64:
      return gather_words<uint64_t>(dictionary, codes);
    default:
      return Status::NotImplemented("values of ", dictionary->type()->ToString(), " as codes of a dictionary");
  }
}

bool has_codes(const EncodedColumn& column) {
  return column.type.kind != ValueKind::kList && column.type.kind != ValueKind::kBoolean &&
         column.type.kind != ValueKind::kNull;
}

bool repeats(const EncodedColumn& column) { return has_codes(column) && column.codes.size() / 4 >= column.num_codes(); }

std::shared_ptr<arrow::DataType> gathered_type(const EncodedColumn& column) {
  return column.type.kind == ValueKind::kText ? arrow::utf8() : column.values->type();
}

Result<ArrayPtr> gather_values(const EncodedColumn& column, std::span<const uint32_t> rows) {
  if (column.type.kind == ValueKind::kText) {
    ARROW_ASSIGN_OR_RAISE(const RowCodes codes, gather_codes(column, rows));
    return gather_text(*column.values, codes);
  }
  ARROW_ASSIGN_OR_RAISE(ArrayValues values, ArrayValues::make(column.values));
  ARROW_ASSIGN_OR_RAISE(ValueArrayBuilder builder, ValueArrayBuilder::make(column.type));
  for (const uint32_t row : rows) {
    const uint32_t code = column.codes[row];
    ARROW_RETURN_NOT_OK(builder.append(code == 0 ? Value::null() : values.at(code - 1)));
  }
  return builder.finish();
}

std::shared_ptr<arrow::DataType> gathered_id_type(const RecordTable& records) {
  return records.ids()->type_id() == arrow::Type::INT64 ? arrow::int64() : arrow::utf8();
}

Result<ArrayPtr> gather_ids(const RecordTable& records, std::span<const uint32_t> rows) {
  const arrow::Array& ids = *records.ids();
  if (ids.type_id() == arrow::Type::INT64) {
    const int64_t* values = static_cast<const arrow::Int64Array&>(ids).raw_values();
    const auto length = static_cast<int64_t>(rows.size());
    ARROW_ASSIGN_OR_RAISE(const BufferPtr gathered, arrow::AllocateBuffer(length * int64_t{sizeof(int64_t)}));
    auto* out = reinterpret_cast<int64_t*>(gathered->mutable_data());
    for (const uint32_t row : rows) *out++ = values[row];
    return std::make_shared<arrow::Int64Array>(length, gathered);
  }
  ARROW_ASSIGN_OR_RAISE(const RowCodes codes, rows_as_codes(rows));
  return gather_text(ids, codes);
}

Result<RowCodes> rows_as_codes(std::span<const uint32_t> rows) {
  ARROW_ASSIGN_OR_RAISE(BufferPtr indices, int32_buffer(rows.size()));
  std::copy(rows.begin(), rows.end(), reinterpret_cast<uint32_t*>(indices->mutable_data()));
  return RowCodes::make(std::move(indices));
}

Result<ArrayPtr> source_dictionary(const RecordTable& records) {
  arrow::StringBuilder names;
  ARROW_RETURN_NOT_OK(names.AppendValues(records.source_names()));
  return names.Finish();
}

Result<RowCodes> gather_sources(const RecordTable& records, std::span<const uint32_t> rows) {
  ARROW_ASSIGN_OR_RAISE(BufferPtr indices, int32_buffer(rows.size()));
  auto* out = reinterpret_cast<int32_t*>(indices->mutable_data());
  for (const uint32_t row : rows) *out++ = records.source_of_row()[row];
  return RowCodes::make(std::move(indices));
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
