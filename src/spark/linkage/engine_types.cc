#include "spark/linkage/engine_types.h"

#include <arrow/type.h>

#include <set>
#include <utility>

#include "base/column_name.h"
#include "expr/arrow_values.h"
#include "spark/linkage/column_types.h"

namespace linkwright::spark {
namespace {

Result<std::shared_ptr<arrow::DataType>> engine_type(const arrow::DataType& type) {
  ARROW_ASSIGN_OR_RAISE(const ValueType value, value_type(type));
  if (value.kind == ValueKind::kNull) return arrow::utf8();
  return arrow_type(value);
}

}  // namespace

Result<Rows> in_engine_types(const Rows& rows, const std::vector<std::string>& columns) {
  const std::set<std::string> wanted = columns_meant_by(columns, rows.schema->field_names());
  std::vector<Column> selected;
  arrow::FieldVector fields;
  bool is_changed = false;
  for (const auto& field : rows.schema->fields()) {
    selected.push_back(named(field->name()));
    fields.push_back(field);
    const bool is_of_nothing = field->type()->id() == arrow::Type::NA;  // Spark writes no such column
    if (!wanted.contains(field->name()) && !is_of_nothing) continue;
    const auto type = engine_type(*field->type());
    if (!type.ok() || (*type)->Equals(*field->type())) continue;
    ARROW_ASSIGN_OR_RAISE(const std::string sql_type, ddl_of(**type));
    selected.back() = named(field->name()).cast(sql_type).alias(field->name());
    fields.back() = field->WithType(*type);
    is_changed = true;
  }
  if (!is_changed) return rows;
  return Rows{rows.frame.select(selected), arrow::schema(std::move(fields))};
}

}  // namespace linkwright::spark
