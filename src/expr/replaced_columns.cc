#include "expr/replaced_columns.h"

#include <vector>

namespace linkwright {

Expression with_columns(const Expression& expression,
                        const std::function<ColumnReference(const ColumnReference&)>& replaced) {
  const auto all = [&](const std::vector<Expression>& parts) {
    std::vector<Expression> result;
    for (const Expression& part : parts) result.push_back(with_columns(part, replaced));
    return result;
  };
  switch (expression.kind()) {
    case Expression::Kind::kColumn:
      return Expression::column(replaced(expression.column()), expression.position());
    case Expression::Kind::kCall:
      return Expression::call(expression.function(), all(expression.arguments()), expression.position());
    case Expression::Kind::kLambda:
      return Expression::lambda(expression.parameters(), with_columns(expression.arguments().front(), replaced),
                                expression.position());
    default:
      return expression;
  }
}

}  // namespace linkwright
