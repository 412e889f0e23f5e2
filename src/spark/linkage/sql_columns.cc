#include "spark/linkage/sql_columns.h"

#include <arrow/type.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/nearest_name.h"
#include "expr/arrow_values.h"
#include "expr/printer.h"

namespace linkwright::spark {
namespace {

// The expression with the columns of both records as columns of a pair: left `x` is `x_l`.
Expression over_pairs(const Expression& expression) {
  const auto all = [](const std::vector<Expression>& parts) {
    std::vector<Expression> result;
    for (const Expression& part : parts) result.push_back(over_pairs(part));
    return result;
  };
  switch (expression.kind()) {
    case Expression::Kind::kColumn: {
      const ColumnReference& column = expression.column();
      return Expression::column({Side::kNone, column.name + (column.side == Side::kLeft ? "_l" : "_r")});
    }
    case Expression::Kind::kCall:
      return Expression::call(expression.function(), all(expression.arguments()));
    case Expression::Kind::kLambda:
      return Expression::lambda(expression.parameters(), over_pairs(expression.arguments().front()));
    default:
      return expression;
  }
}

}  // namespace

SqlColumns::SqlColumns(const arrow::Schema& records) {
  for (const auto& field : records.fields()) columns_.push_back({field->name(), value_type(*field->type())});
}

bool SqlColumns::has(std::string_view name) const {
  return std::any_of(columns_.begin(), columns_.end(), [&](const NamedType& column) { return column.name == name; });
}

void SqlColumns::add(const std::string& name, const ValueType& type) { columns_.push_back({name, type}); }

SqlColumns SqlColumns::with_elements_of(const std::vector<std::string>& lists) const {
  SqlColumns result = *this;
  for (NamedType& column : result.columns_) {
    const bool is_listed = std::find(lists.begin(), lists.end(), column.name) != lists.end();
    if (!is_listed || !column.type.ok() || column.type->kind != ValueKind::kList) continue;
    column.type = ValueType{.kind = column.type->element, .element = column.type->inner_element};
  }
  return result;
}

Result<ValueType> SqlColumns::type_of(std::string_view name) const {
  std::vector<std::string> names;
  for (const NamedType& column : columns_) {
    if (column.name == name) return column.type;
    names.push_back(column.name);
  }
  return Status::Invalid("there is no column '", name, "'", suggestion(name, names));
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
  ARROW_ASSIGN_OR_RAISE(std::string text, expression.to_spark_sql());
  return Typed{std::move(text), evaluator.type()};
}

Result<std::string> SqlColumns::of_rule(const Expression& condition) const {
  ARROW_RETURN_NOT_OK(check(condition, condition.to_sql(), true).status());
  return condition.to_spark_sql();
}

Result<std::string> SqlColumns::of_pair(std::string_view sql, std::vector<std::string>* columns) const {
  ARROW_ASSIGN_OR_RAISE(Expression expression, Expression::parse(sql));
  expression = expression.with_sides([this](std::string_view name) { return has(name); });
  ARROW_RETURN_NOT_OK(check(expression, sql, true).status());
  for (const ColumnReference& column : expression.columns()) {
    if (std::find(columns->begin(), columns->end(), column.name) == columns->end()) columns->push_back(column.name);
  }
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
