#include "expr/spark_printer.h"

#include <cmath>

#include "base/joined.h"
#include "expr/printer.h"
#include "expr/spark_functions.h"
#include "expr/sql_type.h"

namespace linkwright {
namespace {

using Text = Result<std::string>;

std::string spark_scalar_type(const SqlType& type) {
  switch (type.kind) {
    case SqlKind::kVarchar:
      return "STRING";
    case SqlKind::kUtinyint:
    case SqlKind::kSmallint:
      return "SMALLINT";
    case SqlKind::kUsmallint:
    case SqlKind::kInteger:
      return "INT";
    case SqlKind::kUinteger:
      return "BIGINT";
    case SqlKind::kUbigint:
      return "DECIMAL(20,0)";
    case SqlKind::kHugeint:
      return "DECIMAL(38,0)";
    default:
      return type.to_string();
  }
}

std::string spark_type(const SqlType& type) {
  return type.is_list() ? "ARRAY<" + spark_type(type.element_type()) + ">" : spark_scalar_type(type);
}

bool is_constant_below(const Expression& expression, int64_t bound) {
  return expression.kind() == Expression::Kind::kLiteral && expression.literal().kind == ValueKind::kInteger &&
         expression.literal().integer < bound;
}

// Constants for which Spark's left, right and substring give an empty text, and DuckDB's do not.
bool counts_from_the_end(const Expression& call) {
  const std::vector<Expression>& arguments = call.arguments();
  if (call.is_call("left") || call.is_call("right")) return is_constant_below(arguments[1], 0);
  if (!call.is_call("substring") || arguments.size() < 3) return false;
  const bool has_offset_zero = is_constant_below(arguments[1], 1) && !is_constant_below(arguments[1], 0);
  return has_offset_zero || is_constant_below(arguments[2], 0);
}

bool is_date_call(std::string_view function) {
  return function == "strptime" || function == "try_strptime" || function == "strftime" || function == "date_part" ||
         function == "date_diff" || function == "date_trunc" || function == "date_shift";
}

class SparkPrinter {
 public:
  static Text print(const Expression& expression) {
    switch (expression.kind()) {
      case Expression::Kind::kLiteral:
        return literal(expression);
      case Expression::Kind::kColumn:
        return column(expression.column());
      case Expression::Kind::kParameter:
        return quoted_name(expression.parameters().front(), '`');
      case Expression::Kind::kLambda:
        return lambda(expression);
      case Expression::Kind::kCall:
        return call(expression);
    }
    return Status::Invalid("unknown kind of expression");
  }

  static Text filled(std::string_view text, const std::vector<Expression>& arguments) {
    std::string result;
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '$' && text[i] != '@') {
        result += text[i];
        continue;
      }
      const bool is_operand = text[i++] == '@';
      if (text[i] == '*') {
        ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> all, plain(arguments));
        result += joined(all, ", ");
        continue;
      }
      const Expression& argument = arguments[static_cast<size_t>(text[i] - '1')];
      ARROW_ASSIGN_OR_RAISE(const std::string part, is_operand ? operand(argument) : print(argument));
      result += part;
    }
    return result;
  }

 private:
  static Text literal(const Expression& expression) {
    const Value& value = expression.literal();
    switch (value.kind) {
      case ValueKind::kBoolean:
        return value.boolean ? "TRUE" : "FALSE";
      case ValueKind::kInteger:
        return std::to_string(value.integer);
      case ValueKind::kText:
        return spark_text(value.text());
      case ValueKind::kDouble:
        break;
      default:
        return "NULL";
    }
    if (!expression.decimal_digits().empty()) return expression.decimal_digits();
    if (std::isfinite(value.number)) return double_text(value.number) + "D";
    return std::string("CAST('") +
           (std::isnan(value.number) ? "NaN"
            : value.number > 0       ? "Infinity"
                                     : "-Infinity") +
           "' AS DOUBLE)";
  }

  static std::string column(const ColumnReference& column) {
    const std::string_view side = column.side == Side::kLeft ? "l." : column.side == Side::kRight ? "r." : "";
    return std::string(side) + quoted_name(column.name, '`');
  }

  // Spark's operators bind in another order, so every operator inside another gets parentheses.
  static Text operand(const Expression& expression) {
    ARROW_ASSIGN_OR_RAISE(std::string text, print(expression));
    return precedence_of(expression) == Precedence::kValue ? text : "(" + text + ")";
  }

  static Result<std::vector<std::string>> operands(const std::vector<Expression>& expressions) {
    std::vector<std::string> texts;
    for (const Expression& expression : expressions) {
      ARROW_ASSIGN_OR_RAISE(std::string text, operand(expression));
      texts.push_back(std::move(text));
    }
    return texts;
  }

  static Result<std::vector<std::string>> plain(const std::vector<Expression>& expressions) {
    std::vector<std::string> texts;
    for (const Expression& expression : expressions) {
      ARROW_ASSIGN_OR_RAISE(std::string text, print(expression));
      texts.push_back(std::move(text));
    }
    return texts;
  }

  static Text lambda(const Expression& expression) {
    if (expression.parameters().size() > 1) return no_spark_equal("a lambda with an index that begins at 1");
    ARROW_ASSIGN_OR_RAISE(const std::string body, print(expression.arguments().front()));
    return quoted_name(expression.parameters().front(), '`') + " -> " + body;
  }

  static Text call(const Expression& expression) {
    const std::string& function = expression.function();
    const std::vector<Expression>& arguments = expression.arguments();
    if (function == "and" || function == "or" || function == "||") return chain(expression);
    if (function == "case") return case_when(arguments);
    if (function == "cast" || function == "try_cast") return cast(function, arguments);
    if (function == "in") return in_list(arguments);
    if (function == "like" || function == "ilike") return like(expression);
    if (is_date_call(function)) return spark_date_call(expression);
    if (function.starts_with("regexp_")) return spark_pattern_call(expression);
    if (counts_from_the_end(expression)) return no_spark_equal(function + " with this offset or length");
    const std::string_view text = spark_template(function, arguments.size());
    if (text.empty()) return no_spark_equal(function);
    return filled(text, arguments);
  }

  static Text chain(const Expression& expression) {
    ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> parts, operands(expression.arguments()));
    return joined(parts, expression.is_call("and") ? " AND " : expression.is_call("or") ? " OR " : " || ");
  }

  static Text case_when(const std::vector<Expression>& arguments) {
    ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> parts, plain(arguments));
    std::string text = "CASE";
    for (size_t i = 0; i + 1 < parts.size(); i += 2) text += " WHEN " + parts[i] + " THEN " + parts[i + 1];
    return text + " ELSE " + parts.back() + " END";
  }

  static Text cast(std::string_view function, const std::vector<Expression>& arguments) {
    ARROW_ASSIGN_OR_RAISE(const std::string value, print(arguments[0]));
    const std::optional<SqlType> type = parse_sql_type(arguments[1].literal().text());
    if (!type) return no_spark_equal(arguments[1].literal().text());
    return (function == "cast" ? "CAST(" : "TRY_CAST(") + value + " AS " + spark_type(*type) + ")";
  }

  static Text in_list(const std::vector<Expression>& arguments) {
    ARROW_ASSIGN_OR_RAISE(const std::string value, operand(arguments.front()));
    ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> items, plain({arguments.begin() + 1, arguments.end()}));
    return value + " IN (" + joined(items, ", ") + ")";
  }

  // Spark escapes with a backslash unless told otherwise; DuckDB only with ESCAPE.
  static Text like(const Expression& expression) {
    const std::vector<Expression>& arguments = expression.arguments();
    ARROW_ASSIGN_OR_RAISE(const std::string value, operand(arguments[0]));
    const std::string sign = expression.is_call("like") ? " LIKE " : " ILIKE ";
    if (arguments.size() > 2) {
      ARROW_ASSIGN_OR_RAISE(const std::string pattern, operand(arguments[1]));
      ARROW_ASSIGN_OR_RAISE(const std::string escape, print(arguments[2]));
      return value + sign + pattern + " ESCAPE " + escape;
    }
    const std::optional<std::string_view> constant = constant_text(arguments[1]);
    if (!constant) {
      ARROW_ASSIGN_OR_RAISE(const std::string pattern, print(arguments[1]));
      return value + sign + "replace(" + pattern + ", '\\\\', '\\\\\\\\')";
    }
    std::string pattern;
    for (const char c : *constant) pattern += c == '\\' ? std::string("\\\\") : std::string(1, c);
    return value + sign + spark_text(pattern);
  }
};

}  // namespace

Result<std::string> print_spark(const Expression& expression) { return SparkPrinter::print(expression); }

Result<std::string> fill_spark_template(std::string_view text, const std::vector<Expression>& arguments) {
  return SparkPrinter::filled(text, arguments);
}

std::string spark_text(std::string_view value) {
  std::string text = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  return text + "'";
}

std::optional<std::string_view> constant_text(const Expression& expression) {
  const bool is_text = expression.kind() == Expression::Kind::kLiteral && expression.literal().kind == ValueKind::kText;
  return is_text ? std::optional(expression.literal().text()) : std::nullopt;
}

Status no_spark_equal(std::string_view what) {
  return Status::NotImplemented("Spark SQL has no equal of ", what,
                                "; run this on the embedded engine, or derive a column");
}

Result<std::string> Expression::to_spark_sql() const { return print_spark(*this); }

}  // namespace linkwright
