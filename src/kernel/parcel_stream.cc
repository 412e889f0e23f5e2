#include "kernel/parcel_stream.h"

#include <arrow/array.h>
#include <arrow/array/util.h>
#include <arrow/buffer.h>
#include <arrow/chunked_array.h>
#include <arrow/io/memory.h>
#include <arrow/ipc/dictionary.h>
#include <arrow/ipc/reader.h>
#include <arrow/ipc/writer.h>
#include <arrow/scalar.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <arrow/util/base64.h>

#include <utility>

#include "kernel/contained.h"
#include "kernel/pair_task.h"
#include "kernel/parcel.h"

namespace linkwright {

Result<std::shared_ptr<ParcelStream>> ParcelStream::make(RowStream parcels, std::shared_ptr<arrow::Schema> schema) {
  const auto field = parcels->schema()->GetFieldByName(kParcelColumn);
  if (field == nullptr || field->type()->id() != arrow::Type::BINARY) {
    return Status::Invalid("the kernel's task says that its rows are packed, and they have no column '", kParcelColumn,
                           "' of bytes");
  }
  return std::shared_ptr<ParcelStream>(new ParcelStream(std::move(parcels), std::move(schema)));
}

Result<std::shared_ptr<arrow::RecordBatch>> ParcelStream::rows_of(const std::shared_ptr<arrow::Buffer>& bytes) const {
  ARROW_ASSIGN_OR_RAISE(const Parcel parcel, unpack_parcel(bytes));
  arrow::ArrayVector columns;
  for (const auto& field : schema_->fields()) {
    if (field->name() == kPartitionColumn) {
      ARROW_ASSIGN_OR_RAISE(columns.emplace_back(),
                            arrow::MakeArrayFromScalar(arrow::Int32Scalar(static_cast<int32_t>(parcel.partition)),
                                                       parcel.rows->num_rows()));
      continue;
    }
    auto column = parcel.rows->GetColumnByName(field->name());
    if (column == nullptr) return Status::Invalid("a parcel has no column '", field->name(), "'");
    const arrow::DataType& type = *column->type();
    const arrow::DataType& value_type =
        type.id() == arrow::Type::DICTIONARY ? *static_cast<const arrow::DictionaryType&>(type).value_type() : type;
    if (value_type.id() != field->type()->id()) {  // Spark and the driver may name the elements of a list differently
      return Status::TypeError("column '", field->name(), "' of a parcel is ", value_type.ToString(), ", not ",
                               field->type()->ToString());
    }
    columns.push_back(std::move(column));
  }
  return arrow::RecordBatch::Make(schema_, parcel.rows->num_rows(), std::move(columns));
}

Status ParcelStream::ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) {
  return contained([&]() -> Status {
    batch->reset();
    while (waiting_.empty()) {
      ARROW_ASSIGN_OR_RAISE(const auto parcels, parcels_->Next());
      if (parcels == nullptr) return Status::OK();
      const auto column = std::static_pointer_cast<arrow::BinaryArray>(parcels->GetColumnByName(kParcelColumn));
      for (int64_t i = 0; i < column->length(); ++i) {
        if (column->IsNull(i)) return Status::Invalid("a parcel is null");
        waiting_.push_back(arrow::SliceBuffer(column->value_data(), column->value_offset(i), column->value_length(i)));
      }
    }
    const auto bytes = std::move(waiting_.front());
    waiting_.pop_front();
    return rows_of(bytes).Value(batch);
  });
}

Result<std::string> schema_text(const arrow::Schema& schema) {
  ARROW_ASSIGN_OR_RAISE(const auto bytes, arrow::ipc::SerializeSchema(schema));
  return arrow::util::base64_encode(std::string_view(*bytes));
}

Result<std::shared_ptr<arrow::Schema>> schema_of_text(const std::string& text) {
  ARROW_ASSIGN_OR_RAISE(std::string bytes, arrow::util::base64_decode(text));
  arrow::io::BufferReader in(arrow::Buffer::FromString(std::move(bytes)));
  arrow::ipc::DictionaryMemo dictionaries;
  return arrow::ipc::ReadSchema(&in, &dictionaries);
}

std::shared_ptr<arrow::Table> table_of(const std::shared_ptr<arrow::Schema>& schema,
                                       const std::vector<std::shared_ptr<arrow::RecordBatch>>& batches) {
  std::vector<std::shared_ptr<arrow::ChunkedArray>> columns;
  int64_t rows = 0;
  for (const auto& batch : batches) rows += batch->num_rows();
  for (int i = 0; i < schema->num_fields(); ++i) {
    arrow::ArrayVector chunks;
    for (const auto& batch : batches) chunks.push_back(batch->column(i));
    columns.push_back(std::make_shared<arrow::ChunkedArray>(std::move(chunks), schema->field(i)->type()));
  }
  return arrow::Table::Make(schema, std::move(columns), rows);
}

}  // namespace linkwright
