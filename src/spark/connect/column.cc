#include <utility>

#include "linkwright/spark.h"
#include "spark/connect/literals.h"
#include "spark/connect/messages.h"

namespace linkwright::spark {
namespace {

using SortOrder = proto::Expression::SortOrder;

Column column_of(proto::Expression expression) {
  return Column(std::make_shared<const proto::Expression>(std::move(expression)));
}

/// Spark knows its operators as functions of these names.
Column operation(const char* name, std::initializer_list<const Column*> operands) {
  proto::Expression expression;
  expression.mutable_unresolved_function()->set_function_name(name);
  for (const Column* operand : operands) {
    *expression.mutable_unresolved_function()->add_arguments() = operand->expression();
  }
  return column_of(std::move(expression));
}

Column ordered(const Column& column, SortOrder::SortDirection direction, SortOrder::NullOrdering nulls) {
  proto::Expression expression;
  SortOrder* order = expression.mutable_sort_order();
  *order->mutable_child() = column.expression();
  order->set_direction(direction);
  order->set_null_ordering(nulls);
  return column_of(std::move(expression));
}

}  // namespace

Column::Column(std::shared_ptr<const proto::Expression> expression) : expression_(std::move(expression)) {}

Column col(std::string_view name) {
  proto::Expression expression;
  if (name == "*") {
    expression.mutable_unresolved_star();
  } else {
    expression.mutable_unresolved_attribute()->set_unparsed_identifier(std::string(name));
  }
  return column_of(std::move(expression));
}

Column lit(const Value& value) {
  proto::Expression expression;
  *expression.mutable_literal() = literal_of(value);
  return column_of(std::move(expression));
}

Column expr(std::string_view sql) {
  proto::Expression expression;
  expression.mutable_expression_string()->set_expression(std::string(sql));
  return column_of(std::move(expression));
}

Column call_function(std::string_view name, const std::vector<Column>& arguments) {
  proto::Expression expression;
  expression.mutable_call_function()->set_function_name(std::string(name));
  for (const Column& argument : arguments) {
    *expression.mutable_call_function()->add_arguments() = argument.expression();
  }
  return column_of(std::move(expression));
}

Column Column::alias(std::string_view name) const {
  proto::Expression expression;
  *expression.mutable_alias()->mutable_expr() = *expression_;
  expression.mutable_alias()->add_name(std::string(name));
  return column_of(std::move(expression));
}

Column Column::cast(std::string_view type) const {
  proto::Expression expression;
  *expression.mutable_cast()->mutable_expr() = *expression_;
  expression.mutable_cast()->set_type_str(std::string(type));
  return column_of(std::move(expression));
}

Column Column::is_null() const { return operation("isNull", {this}); }
Column Column::is_not_null() const { return operation("isNotNull", {this}); }

Column Column::isin(const std::vector<Value>& values) const {
  proto::Expression expression;
  expression.mutable_unresolved_function()->set_function_name("in");
  *expression.mutable_unresolved_function()->add_arguments() = *expression_;
  for (const Value& value : values) {
    *expression.mutable_unresolved_function()->add_arguments()->mutable_literal() = literal_of(value);
  }
  return column_of(std::move(expression));
}

Column Column::like(std::string_view pattern) const {
  const Column literal = lit(std::string(pattern));
  return operation("like", {this, &literal});
}

Column Column::asc() const { return ordered(*this, SortOrder::SORT_DIRECTION_ASCENDING, SortOrder::SORT_NULLS_FIRST); }
Column Column::desc() const { return ordered(*this, SortOrder::SORT_DIRECTION_DESCENDING, SortOrder::SORT_NULLS_LAST); }

Column operator==(const Column& left, const Column& right) { return operation("==", {&left, &right}); }
Column operator!=(const Column& left, const Column& right) { return !(left == right); }
Column operator<(const Column& left, const Column& right) { return operation("<", {&left, &right}); }
Column operator<=(const Column& left, const Column& right) { return operation("<=", {&left, &right}); }
Column operator>(const Column& left, const Column& right) { return operation(">", {&left, &right}); }
Column operator>=(const Column& left, const Column& right) { return operation(">=", {&left, &right}); }
Column operator+(const Column& left, const Column& right) { return operation("+", {&left, &right}); }
Column operator-(const Column& left, const Column& right) { return operation("-", {&left, &right}); }
Column operator*(const Column& left, const Column& right) { return operation("*", {&left, &right}); }
Column operator/(const Column& left, const Column& right) { return operation("/", {&left, &right}); }
Column operator%(const Column& left, const Column& right) { return operation("%", {&left, &right}); }
Column operator&&(const Column& left, const Column& right) { return operation("and", {&left, &right}); }
Column operator||(const Column& left, const Column& right) { return operation("or", {&left, &right}); }
Column operator!(const Column& column) { return operation("not", {&column}); }

}  // namespace linkwright::spark
