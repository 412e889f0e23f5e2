#include "kernel/coded_rows.h"

#include <arrow/array.h>
#include <arrow/array/concatenate.h>
#include <arrow/builder.h>
#include <arrow/chunked_array.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <numeric>
#include <utility>

#include "engine/record_columns.h"
#include "kernel/chosen_rows.h"

namespace linkwright {
namespace {

using ArrayPtr = std::shared_ptr<arrow::Array>;

// A dictionary only of what the rows have, if that is half of them or less; else the values.
Result<ArrayPtr> coded(const EncodedColumn& column, std::span<const uint32_t> rows) {
  std::vector<uint32_t> new_code(column.num_codes());
  std::vector<uint32_t> used;  // places of values
  for (const uint32_t row : rows) {
    const uint32_t code = column.codes[row];
    if (code == 0 || new_code[code] != 0) continue;
    used.push_back(code - 1);
    new_code[code] = static_cast<uint32_t>(used.size());
  }
  if (used.size() * 2 > rows.size()) return gather_values(column, rows);
  arrow::Int32Builder indices;
  ARROW_RETURN_NOT_OK(indices.Reserve(static_cast<int64_t>(rows.size())));
  for (const uint32_t row : rows) {
    const uint32_t code = column.codes[row];
    if (code == 0) {
      indices.UnsafeAppendNull();
    } else {
      indices.UnsafeAppend(static_cast<int32_t>(new_code[code] - 1));
    }
  }
  ARROW_ASSIGN_OR_RAISE(const ArrayPtr index_array, indices.Finish());
  ARROW_ASSIGN_OR_RAISE(const ArrayPtr values, values_at(column.values, used));
  return arrow::DictionaryArray::FromArrays(arrow::dictionary(arrow::int32(), values->type()), index_array, values);
}

}  // namespace

std::vector<std::string> CodedRows::text_columns(const arrow::Schema& schema) {
  std::vector<std::string> names;
  for (const auto& field : schema.fields()) {
    if (field->type()->id() == arrow::Type::STRING) names.push_back(field->name());
  }
  return names;
}

Result<CodedRows> CodedRows::make(const std::shared_ptr<arrow::Schema>& schema, const arrow::Table& rows,
                                  const RecordTable& records) {
  CodedRows coded;
  coded.schema_ = schema;
  coded.num_rows_ = records.num_rows();
  for (const auto& field : schema->fields()) {
    Column& column = coded.columns_.emplace_back();
    if (field->type()->id() == arrow::Type::STRING && records.has_column(field->name())) {
      ARROW_ASSIGN_OR_RAISE(column.encoded, records.column(field->name()));
      continue;
    }
    const auto chunks = rows.GetColumnByName(field->name());
    if (chunks == nullptr) return Status::Invalid("the kernel's rows have no column '", field->name(), "'");
    ARROW_ASSIGN_OR_RAISE(column.plain,
                          chunks->num_chunks() == 1 ? chunks->chunk(0) : arrow::Concatenate(chunks->chunks()));
  }
  return coded;
}

Result<std::shared_ptr<arrow::RecordBatch>> CodedRows::all() const {
  std::vector<uint32_t> places(num_rows_);
  std::iota(places.begin(), places.end(), 0U);
  return at(places);
}

Result<std::shared_ptr<arrow::RecordBatch>> CodedRows::at(std::span<const uint32_t> places) const {
  arrow::ArrayVector arrays;
  arrow::FieldVector fields;
  for (size_t i = 0; i < columns_.size(); ++i) {
    const Column& column = columns_[i];
    if (column.encoded != nullptr) {
      ARROW_ASSIGN_OR_RAISE(arrays.emplace_back(), coded(*column.encoded, places));
    } else if (static_cast<int64_t>(places.size()) == column.plain->length()) {
      arrays.push_back(column.plain);
    } else {
      ARROW_ASSIGN_OR_RAISE(arrays.emplace_back(), values_at(column.plain, places));
    }
    fields.push_back(schema_->field(static_cast<int>(i))->WithType(arrays.back()->type()));
  }
  return arrow::RecordBatch::Make(arrow::schema(std::move(fields)), static_cast<int64_t>(places.size()),
                                  std::move(arrays));
}

}  // namespace linkwright
