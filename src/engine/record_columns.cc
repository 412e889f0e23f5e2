#include "engine/record_columns.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/type.h>

#include <string_view>
#include <utility>
#include <vector>

#include "expr/arrow_values.h"

namespace linkwright {
namespace {

using ArrayPtr = std::shared_ptr<arrow::Array>;

std::string_view text_at(const arrow::Array& values, int64_t place) {
  return values.type_id() == arrow::Type::STRING ? static_cast<const arrow::StringArray&>(values).GetView(place)
                                                 : static_cast<const arrow::LargeStringArray&>(values).GetView(place);
}

// Small batches touch few of a column's values: only those make the batch's dictionary.
class BatchDictionary {
 public:
  explicit BatchDictionary(size_t rows) {
    size_t slots = 64;
    while (slots < rows * 2) slots *= 2;
    slots_.assign(slots, {0, 0});
  }

  int32_t place(uint32_t code) {
    size_t at = (code * 2654435769U) & (slots_.size() - 1);
    while (slots_[at].code != 0 && slots_[at].code != code) at = (at + 1) & (slots_.size() - 1);
    if (slots_[at].code == 0) {
      slots_[at] = {code, static_cast<int32_t>(codes_.size())};
      codes_.push_back(code);
    }
    return slots_[at].place;
  }

  const std::vector<uint32_t>& codes() const { return codes_; }

 private:
  struct Slot {
    uint32_t code;
    int32_t place;
  };
  std::vector<Slot> slots_;
  std::vector<uint32_t> codes_;
};

Result<ArrayPtr> gather_text(const EncodedColumn& column, std::span<const uint32_t> rows) {
  BatchDictionary dictionary(rows.size());
  arrow::Int32Builder indices;
  ARROW_RETURN_NOT_OK(indices.Reserve(static_cast<int64_t>(rows.size())));
  for (const uint32_t row : rows) {
    const uint32_t code = column.codes[row];
    if (code == 0) {
      indices.UnsafeAppendNull();
    } else {
      indices.UnsafeAppend(dictionary.place(code));
    }
  }
  arrow::StringBuilder values;
  ARROW_RETURN_NOT_OK(values.Reserve(static_cast<int64_t>(dictionary.codes().size())));
  for (const uint32_t code : dictionary.codes()) ARROW_RETURN_NOT_OK(values.Append(text_at(*column.values, code - 1)));
  ARROW_ASSIGN_OR_RAISE(const ArrayPtr index_array, indices.Finish());
  ARROW_ASSIGN_OR_RAISE(const ArrayPtr value_array, values.Finish());
  return arrow::DictionaryArray::FromArrays(gathered_type(column), index_array, value_array);
}

}  // namespace

std::shared_ptr<arrow::DataType> gathered_type(const EncodedColumn& column) {
  if (column.type.kind == ValueKind::kText) return arrow::dictionary(arrow::int32(), arrow::utf8());
  return column.values->type();
}

Result<ArrayPtr> gather_values(const EncodedColumn& column, std::span<const uint32_t> rows) {
  if (column.type.kind == ValueKind::kText) return gather_text(column, rows);
  ARROW_ASSIGN_OR_RAISE(ArrayValues values, ArrayValues::make(column.values));
  ARROW_ASSIGN_OR_RAISE(ValueArrayBuilder builder, ValueArrayBuilder::make(column.type));
  for (const uint32_t row : rows) {
    const uint32_t code = column.codes[row];
    ARROW_RETURN_NOT_OK(builder.append(code == 0 ? Value::null() : values.at(code - 1)));
  }
  return builder.finish();
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
  arrow::StringBuilder builder;
  ARROW_RETURN_NOT_OK(builder.Reserve(static_cast<int64_t>(rows.size())));
  for (const uint32_t row : rows) ARROW_RETURN_NOT_OK(builder.Append(text_at(ids, row)));
  return builder.Finish();
}

Result<ArrayPtr> gather_sources(const RecordTable& records, std::span<const uint32_t> rows) {
  arrow::Int32Builder indices;
  ARROW_RETURN_NOT_OK(indices.Reserve(static_cast<int64_t>(rows.size())));
  for (const uint32_t row : rows) indices.UnsafeAppend(records.source_of_row()[row]);
  arrow::StringBuilder names;
  ARROW_RETURN_NOT_OK(names.AppendValues(records.source_names()));
  ARROW_ASSIGN_OR_RAISE(const ArrayPtr index_array, indices.Finish());
  ARROW_ASSIGN_OR_RAISE(const ArrayPtr name_array, names.Finish());
  return arrow::DictionaryArray::FromArrays(arrow::dictionary(arrow::int32(), arrow::utf8()), index_array, name_array);
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
