#include "engine/input_types.h"

#include <arrow/array.h>
#include <arrow/chunked_array.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <map>
#include <string>
#include <utility>

#include "base/nearest_name.h"
#include "expr/arrow_values.h"
#include "expr/evaluator.h"
#include "expr/expression.h"

namespace linkwright {
namespace {

const std::map<std::string, std::pair<ValueKind, std::string>>& sql_types() {
  static const std::map<std::string, std::pair<ValueKind, std::string>> kTypes = {
      {"text", {ValueKind::kText, "VARCHAR"}},
      {"integer", {ValueKind::kInteger, "BIGINT"}},
      {"double", {ValueKind::kDouble, "DOUBLE"}},
      {"date", {ValueKind::kDate, "DATE"}},
      {"timestamp", {ValueKind::kTimestamp, "TIMESTAMP"}},
  };
  return kTypes;
}

Result<std::shared_ptr<arrow::ChunkedArray>> cast_column(const arrow::ChunkedArray& column, const std::string& name,
                                                         const std::string& type) {
  const Expression cast = Expression::call(
      "cast", {Expression::column({Side::kNone, name}), Expression::text_literal(sql_types().at(type).second)});
  const auto type_of_column = [&](const ColumnReference&) { return value_type(*column.type()); };
  ARROW_ASSIGN_OR_RAISE(const Evaluator evaluator, Evaluator::compile(cast, cast.to_sql(), type_of_column));
  ARROW_ASSIGN_OR_RAISE(const auto wanted, arrow_type(evaluator.type()));
  arrow::ArrayVector chunks;
  Evaluator::Scratch scratch;
  int64_t record = 0;
  for (const auto& chunk : column.chunks()) {
    ARROW_ASSIGN_OR_RAISE(ArrayValues values, ArrayValues::make(chunk));
    ARROW_ASSIGN_OR_RAISE(ValueArrayBuilder builder, ValueArrayBuilder::make(evaluator.type()));
    for (int64_t row = 0; row < values.length(); ++row) {
      ++record;
      const Value value = values.at(row);
      scratch.clear();
      const auto converted = evaluator.evaluate({&value, 1}, scratch);
      if (!converted.ok()) {
        return converted.status().WithMessage("is no ", type, " in record ", record, ": ",
                                              converted.status().message());
      }
      ARROW_RETURN_NOT_OK(builder.append(*converted));
    }
    ARROW_ASSIGN_OR_RAISE(chunks.emplace_back(), builder.finish());
  }
  return std::make_shared<arrow::ChunkedArray>(std::move(chunks), wanted);
}

}  // namespace

Result<std::shared_ptr<arrow::Table>> with_types(std::shared_ptr<arrow::Table> table, const InputSpec& input) {
  for (const auto& [name, type] : input.types) {
    const auto in_column = [&input, &name = name](const Status& status) {
      return status.WithMessage("input '", input.name, "', column '", name, "' of \"types\": ", status.message());
    };
    const int place = table->schema()->GetFieldIndex(name);
    if (place < 0) return in_column(Status::Invalid("there is no such column", suggestion(name, table->ColumnNames())));
    const auto is = value_type(*table->column(place)->type());
    if (!is.ok()) return in_column(is.status());
    if (is->kind == sql_types().at(type).first) continue;
    auto column = cast_column(*table->column(place), name, type);
    if (!column.ok()) return in_column(column.status());
    ARROW_ASSIGN_OR_RAISE(table, table->SetColumn(place, table->field(place)->WithType((*column)->type()), *column));
  }
  return table;
}

}  // namespace linkwright
