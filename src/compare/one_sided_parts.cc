#include "compare/one_sided_parts.h"

#include <utility>
#include <vector>

namespace linkwright {
namespace {

// An exact decimal, which a column of doubles is not; or what a lambda around it gives.
bool cannot_be_column(const Expression& expression) {
  if (expression.kind() == Expression::Kind::kLiteral) return !expression.decimal_digits().empty();
  if (expression.kind() != Expression::Kind::kCall) return expression.kind() != Expression::Kind::kColumn;
  for (const Expression& argument : expression.arguments()) {
    if (cannot_be_column(argument)) return true;
  }
  return expression.is_call("cast") || expression.is_call("try_cast");
}

}  // namespace

Expression OneSidedParts::take_out(const Expression& expression) {
  if (expression.kind() != Expression::Kind::kCall) return expression;
  const std::vector<ColumnReference> columns = expression.columns();
  if (columns.size() == 1) {
    const std::optional<Expression> column = precompute(expression, columns[0]);
    if (column) return *column;
  }
  std::vector<Expression> arguments;
  for (const Expression& argument : expression.arguments()) arguments.push_back(take_out(argument));
  return Expression::call(expression.function(), std::move(arguments), expression.position());
}

const OneSidedParts::Part* OneSidedParts::find(const std::string& name) const {
  const auto found = parts_.find(name);
  return found == parts_.end() ? nullptr : &found->second;
}

// None where it cannot be computed for every value: a pair may never come to what fails.
std::optional<Expression> OneSidedParts::precompute(const Expression& expression, const ColumnReference& column) {
  if (cannot_be_column(expression)) return std::nullopt;
  const std::string sql = expression.to_sql();
  if (!parts_.contains(sql)) {
    const auto source = records_.column(column.name);
    const auto types = [&](const ColumnReference& reference) { return records_.column_type(reference.name); };
    const auto evaluator = Evaluator::compile(expression, sql, types, options_);
    if (!source.ok() || !evaluator.ok()) return std::nullopt;
    auto derived = derive_codes(**source, *evaluator);
    if (!derived.ok()) return std::nullopt;
    parts_.emplace(sql, Part{column.name, std::move(*derived)});
  }
  return Expression::column({column.side, sql}, expression.position());
}

}  // namespace linkwright
