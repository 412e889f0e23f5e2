#include "compare/date_differences.h"

#include <optional>
#include <utility>
#include <vector>

#include "expr/date_part.h"

namespace linkwright {
namespace {

// The side of an expression that reads the columns of one record.
std::optional<Side> only_side(const Expression& expression) {
  std::optional<Side> side;
  for (const ColumnReference& column : expression.columns()) {
    if (side && *side != column.side) return std::nullopt;
    side = column.side;
  }
  return side;
}

bool can_split(const Expression& call) {
  if (!call.is_call("date_diff") || call.arguments().size() != 3) return false;
  const Expression& name = call.arguments()[0];
  if (name.kind() != Expression::Kind::kLiteral || name.literal().kind != ValueKind::kText) return false;
  const std::optional<DatePart> part = find_date_part(name.literal().text());
  const std::optional<Side> start = only_side(call.arguments()[1]);
  const std::optional<Side> end = only_side(call.arguments()[2]);
  return part && *part != DatePart::kWeek && start && end && *start != *end;
}

// date_diff('part', 1970-01-01, moment)
Expression count_since_1970(const Expression& part, const Expression& moment) {
  Expression start = Expression::call(
      "make_date", {Expression::integer_literal(1970), Expression::integer_literal(1), Expression::integer_literal(1)});
  return Expression::call("date_diff", {part, std::move(start), moment}, moment.position());
}

}  // namespace

Expression split_date_differences(const Expression& expression) {
  if (expression.kind() != Expression::Kind::kCall) return expression;
  const std::vector<Expression>& arguments = expression.arguments();
  if (can_split(expression)) {
    return Expression::call(
        "-", {count_since_1970(arguments[0], arguments[2]), count_since_1970(arguments[0], arguments[1])},
        expression.position());
  }
  std::vector<Expression> split;
  for (const Expression& argument : arguments) split.push_back(split_date_differences(argument));
  return Expression::call(expression.function(), std::move(split), expression.position());
}

}  // namespace linkwright
