#include "spark/linkage/column_types.h"

#include <arrow/array.h>
#include <arrow/chunked_array.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include "expr/arrow_values.h"
#include "spark/linkage/sql_columns.h"

namespace linkwright::spark {
namespace {

// What Spark's own reader of Arrow takes, and expressions read as they would read the original.
bool is_plain(const arrow::DataType& type) {
  return type.id() != arrow::Type::FLOAT && type.id() != arrow::Type::LIST && type.id() != arrow::Type::DECIMAL128 &&
         type.id() != arrow::Type::TIMESTAMP && type.id() != arrow::Type::BINARY && ddl_of(type).ok();
}

Result<std::shared_ptr<arrow::ChunkedArray>> plain_column(const arrow::ChunkedArray& column) {
  ValueType type{ValueKind::kText};
  for (const auto& chunk : column.chunks()) {
    ARROW_ASSIGN_OR_RAISE(const ValueType here, value_type(*chunk->type()));
    if (here.kind != ValueKind::kNull) type = here;
  }
  arrow::ArrayVector chunks;
  for (const auto& chunk : column.chunks()) {
    ARROW_ASSIGN_OR_RAISE(ArrayValues values, ArrayValues::make(chunk));
    ARROW_ASSIGN_OR_RAISE(ValueArrayBuilder builder, ValueArrayBuilder::make(type));
    for (int64_t row = 0; row < values.length(); ++row) ARROW_RETURN_NOT_OK(builder.append(values.at(row)));
    ARROW_ASSIGN_OR_RAISE(chunks.emplace_back(), builder.finish());
  }
  ARROW_ASSIGN_OR_RAISE(const auto arrow_type, linkwright::arrow_type(type));
  return std::make_shared<arrow::ChunkedArray>(std::move(chunks), arrow_type);
}

}  // namespace

Column named(std::string_view name) { return col(sql_name(name)); }

Result<std::string> ddl_of(const arrow::DataType& type) {
  switch (type.id()) {
    case arrow::Type::BOOL:
      return "BOOLEAN";
    case arrow::Type::INT8:
      return "TINYINT";
    case arrow::Type::INT16:
      return "SMALLINT";
    case arrow::Type::INT32:
      return "INT";
    case arrow::Type::INT64:
      return "BIGINT";
    case arrow::Type::FLOAT:
      return "FLOAT";
    case arrow::Type::DOUBLE:
      return "DOUBLE";
    case arrow::Type::STRING:
      return "STRING";
    case arrow::Type::BINARY:
      return "BINARY";
    case arrow::Type::DATE32:
      return "DATE";
    case arrow::Type::TIMESTAMP:
      return static_cast<const arrow::TimestampType&>(type).timezone().empty() ? "TIMESTAMP_NTZ" : "TIMESTAMP";
    case arrow::Type::DECIMAL128: {
      const auto& decimal = static_cast<const arrow::Decimal128Type&>(type);
      return "DECIMAL(" + std::to_string(decimal.precision()) + "," + std::to_string(decimal.scale()) + ")";
    }
    case arrow::Type::LIST: {
      ARROW_ASSIGN_OR_RAISE(const std::string element, ddl_of(*static_cast<const arrow::ListType&>(type).value_type()));
      return "ARRAY<" + element + ">";
    }
    default:
      return Status::NotImplemented("Spark has no type ", type.ToString());
  }
}

Result<std::string> ddl_of(const arrow::Schema& schema) {
  std::string ddl;
  for (const auto& field : schema.fields()) {
    const auto type = ddl_of(*field->type());
    if (!type.ok()) {
      return type.status().WithMessage("column '", field->name(), "': ", type.status().message());
    }
    ddl += (ddl.empty() ? "" : ", ") + sql_name(field->name()) + " " + *type;
  }
  return ddl;
}

Result<std::shared_ptr<arrow::Table>> for_spark(const arrow::Table& table) {
  arrow::FieldVector fields;
  std::vector<std::shared_ptr<arrow::ChunkedArray>> columns;
  for (int i = 0; i < table.num_columns(); ++i) {
    const std::string& name = table.field(i)->name();
    auto column = table.column(i);
    bool is_as_is = is_plain(*column->type());
    for (const auto& chunk : column->chunks()) is_as_is = is_as_is && chunk->type()->Equals(*column->type());
    if (!is_as_is) {
      auto plain = plain_column(*column);
      if (!plain.ok()) return plain.status().WithMessage("column '", name, "': ", plain.status().message());
      column = *plain;
    }
    fields.push_back(arrow::field(name, column->type()));
    columns.push_back(std::move(column));
  }
  return arrow::Table::Make(arrow::schema(std::move(fields)), std::move(columns), table.num_rows());
}

}  // namespace linkwright::spark
