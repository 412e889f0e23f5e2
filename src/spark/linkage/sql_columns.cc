#include "spark/linkage/sql_columns.h"

#include <arrow/type.h>

#include <cmath>

#include "base/add_once.h"
#include "base/column_name.h"
#include "base/nearest_name.h"
#include "expr/arrow_values.h"
#include "expr/printer.h"
#include "expr/replaced_columns.h"

namespace linkwright::spark {
namespace {

// The expression with the columns of both records as columns of a pair: left `x` is `x_l`.
Expression over_pairs(const Expression& expression) {
  return with_columns(expression, [](const ColumnReference& column) {
    return ColumnReference{Side::kNone, column.name + (column.side == Side::kLeft ? "_l" : "_r")};
  });
}

}  // namespace

SqlColumns::SqlColumns(const arrow::Schema& records) {
  for (const auto& field : records.fields()) {
    names_.push_back(field->name());
    types_.push_back(value_type(*field->type()));
  }
}

std::optional<size_t> SqlColumns::find(std::string_view name) const {
  const std::string* meant = column_meant_by(name, names_);
  return meant == nullptr ? std::nullopt : std::optional(static_cast<size_t>(meant - names_.data()));
}

bool SqlColumns::has(std::string_view name) const { return find(name).has_value(); }

std::string SqlColumns::name_in_data(std::string_view name) const {
  const std::optional<size_t> column = find(name);
  return column ? names_[*column] : std::string(name);
}

void SqlColumns::add(const std::string& name, const ValueType& type) {
  names_.push_back(name);
  types_.emplace_back(type);
}

SqlColumns SqlColumns::with_elements_of(const std::vector<std::string>& lists) const {
  SqlColumns result = *this;
  for (const std::string& list : lists) {
    const std::optional<size_t> column = find(list);
    if (!column || !types_[*column].ok() || types_[*column]->kind != ValueKind::kList) continue;
    result.types_[*column] = ValueType{.kind = types_[*column]->element, .element = types_[*column]->inner_element};
  }
  return result;
}

Status SqlColumns::need(std::string_view name) const {
  if (has(name)) return Status::OK();
  return Status::Invalid("there is no column '", name, "'", suggestion(name, names_));
}

Result<ValueType> SqlColumns::type_of(std::string_view name) const {
  ARROW_RETURN_NOT_OK(need(name));
  return types_[*find(name)];
}

Expression SqlColumns::with_names_in_data(const Expression& expression) const {
  return with_columns(expression, [this](const ColumnReference& column) {
    return ColumnReference{column.side, name_in_data(column.name)};
  });
}

Result<Evaluator> SqlColumns::check(const Expression& expression, std::string_view sql, bool is_pair) const {
  const auto types = [&](const ColumnReference& column) -> Result<ValueType> {
    if (is_pair && column.side == Side::kNone) {
      return Status::Invalid("column '", column.name, "' does not say which record it belongs to; write ", column.name,
                             "_l or ", column.name, "_r");
    }
    return type_of(column.name);
  };
  return Evaluator::compile(expression, sql, types);
}

Result<SqlColumns::Typed> SqlColumns::of_record(std::string_view sql) const {
  ARROW_ASSIGN_OR_RAISE(const Expression expression, Expression::parse(sql));
  ARROW_ASSIGN_OR_RAISE(const Evaluator evaluator, check(expression, sql, false));
  ARROW_ASSIGN_OR_RAISE(std::string text, with_names_in_data(expression).to_spark_sql());
  return Typed{std::move(text), evaluator.type()};
}

Result<std::string> SqlColumns::of_rule(const Expression& condition) const {
  ARROW_RETURN_NOT_OK(check(condition, condition.to_sql(), true).status());
  return with_names_in_data(condition).to_spark_sql();
}

Result<std::string> SqlColumns::of_pair(std::string_view sql, std::vector<std::string>* columns) const {
  ARROW_ASSIGN_OR_RAISE(Expression expression, Expression::parse(sql));
  expression = expression.with_sides([this](std::string_view name) { return has(name); });
  ARROW_RETURN_NOT_OK(check(expression, sql, true).status());
  expression = with_names_in_data(expression);
  for (const ColumnReference& column : expression.columns()) add_once(column.name, columns);
  return over_pairs(expression).to_spark_sql();
}

std::string sql_name(std::string_view name) {
  std::string text = "`";
  for (const char c : name) text += c == '`' ? "``" : std::string(1, c);
  return text + "`";
}

std::string sql_number(double value) {
  if (std::isfinite(value)) return double_text(value) + "D";
  return std::string("CAST('") + (std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity") + "' AS DOUBLE)";
}

}  // namespace linkwright::spark
