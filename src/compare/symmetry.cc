#include "compare/symmetry.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace linkwright {
namespace {

bool commutes(const Expression& call) {
  static constexpr std::array<std::string_view, 16> kCommutative = {"and",
                                                                    "or",
                                                                    "=",
                                                                    "+",
                                                                    "*",
                                                                    "levenshtein",
                                                                    "damerau_levenshtein",
                                                                    "hamming",
                                                                    "jaro_similarity",
                                                                    "jaro_winkler_similarity",
                                                                    "jaccard",
                                                                    "greatest",
                                                                    "least",
                                                                    "list_cosine_similarity",
                                                                    "array_cosine_similarity",
                                                                    "is_not_distinct_from"};
  return std::find(kCommutative.begin(), kCommutative.end(), call.function()) != kCommutative.end();
}

// |a - b| is the same both ways round, though a - b is not.
bool is_absolute_difference(const Expression& expression) {
  return expression.is_call("abs") && expression.arguments()[0].is_call("-") &&
         expression.arguments()[0].arguments().size() == 2;
}

// A text that is the same for expressions that differ in the order of interchangeable arguments only.
std::string canonical(const Expression& expression, bool exchange) {
  switch (expression.kind()) {
    case Expression::Kind::kLiteral:
      return expression.to_sql();
    case Expression::Kind::kColumn: {
      const ColumnReference& column = expression.column();
      const bool left = (column.side == Side::kLeft) != exchange;
      return (column.side == Side::kNone ? "" : left ? "l." : "r.") + column.name;
    }
    case Expression::Kind::kCall: {
      const bool difference = is_absolute_difference(expression);
      const std::vector<Expression>& arguments =
          difference ? expression.arguments()[0].arguments() : expression.arguments();
      std::vector<std::string> texts;
      for (const Expression& argument : arguments) texts.push_back(canonical(argument, exchange));
      if (difference || commutes(expression)) std::sort(texts.begin(), texts.end());
      std::string text = difference ? "absolute difference(" : expression.function() + "(";
      for (const std::string& argument : texts) text += argument + ",";
      return text + ")";
    }
    case Expression::Kind::kLambda:
    case Expression::Kind::kParameter:
      return "lambda " + std::to_string(exchange) + expression.to_sql();  // never equal: cannot tell
  }
  return "";
}

}  // namespace

bool is_symmetric(const Expression& condition) { return canonical(condition, false) == canonical(condition, true); }

}  // namespace linkwright
