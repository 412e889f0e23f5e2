#include <cmath>
#include <optional>

#include "expr/date_part.h"
#include "expr/expression.h"
#include "expr/printer.h"
#include "expr/spark_date_pattern.h"
#include "expr/spark_functions.h"
#include "expr/sql_type.h"

namespace linkwright {
namespace {

using Text = Result<std::string>;

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += separator;
    text += parts[i];
  }
  return text;
}

// Spark's texts know backslash escapes.
std::string spark_text(std::string_view value) {
  std::string text = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  return text + "'";
}

std::string spark_scalar_type(const SqlType& type) {
  switch (type.kind) {
    case SqlKind::kVarchar:
      return "STRING";
    case SqlKind::kUtinyint:
      return "SMALLINT";
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

/// The text of a constant, when `expression` is one.
std::optional<std::string_view> constant_text(const Expression& expression) {
  const bool is_text = expression.kind() == Expression::Kind::kLiteral && expression.literal().kind == ValueKind::kText;
  return is_text ? std::optional(expression.literal().text()) : std::nullopt;
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

 private:
  static Status no_equal(std::string_view what) {
    return Status::NotImplemented("Spark SQL has no equal of ", what,
                                  "; run this on the embedded engine, or derive a column");
  }

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
    return binding_of(expression) == Binding::kValue ? text : "(" + text + ")";
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
    if (expression.parameters().size() > 1) return no_equal("a lambda with an index that begins at 1");
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
    if (function == "try_strptime" || function == "strptime") return read_date(function, arguments);
    if (function == "strftime") return write_date(arguments);
    if (function == "date_part") return date_part(arguments);
    if (function == "date_diff") return date_diff(arguments);
    if (function == "date_trunc") return date_trunc(arguments);
    if (function.starts_with("regexp_")) return pattern_call(function, arguments);
    const std::string_view text = spark_template(function, arguments.size());
    if (text.empty()) return no_equal(function);
    return filled(text, arguments);
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
    if (!type) return no_equal(arguments[1].literal().text());
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

  // --- dates

  static Text read_date(std::string_view function, const std::vector<Expression>& arguments) {
    ARROW_ASSIGN_OR_RAISE(const std::string value, print(arguments[0]));
    const std::string name = function == "strptime" ? "to_timestamp(" : "try_to_timestamp(";
    const auto with_format = [&](const Expression& format) -> Text {
      const std::optional<std::string_view> constant = constant_text(format);
      if (!constant) return no_equal(std::string(function) + " with a format that is no constant text");
      ARROW_ASSIGN_OR_RAISE(const std::string pattern, spark_date_pattern(*constant, true));
      return name + value + ", " + spark_text(pattern) + ")";
    };
    if (!arguments[1].is_call("list_value")) return with_format(arguments[1]);
    if (function == "strptime") return no_equal("strptime with several formats");
    std::vector<std::string> tries;
    for (const Expression& format : arguments[1].arguments()) {
      ARROW_ASSIGN_OR_RAISE(std::string one, with_format(format));
      tries.push_back(std::move(one));
    }
    return "coalesce(" + joined(tries, ", ") + ")";
  }

  static Text write_date(const std::vector<Expression>& arguments) {
    const size_t format = constant_text(arguments[1]) ? 1 : 0;
    const std::optional<std::string_view> constant = constant_text(arguments[format]);
    if (!constant) return no_equal("strftime with a format that is no constant text");
    ARROW_ASSIGN_OR_RAISE(const std::string value, print(arguments[1 - format]));
    ARROW_ASSIGN_OR_RAISE(const std::string pattern, spark_date_pattern(*constant, false));
    return "date_format(" + value + ", " + spark_text(pattern) + ")";
  }

  static Result<DatePart> constant_part(const Expression& expression, std::string_view function) {
    const std::optional<std::string_view> name = constant_text(expression);
    const std::optional<DatePart> part = name ? find_date_part(*name) : std::nullopt;
    if (!part) return no_equal(std::string(function) + " with a part that is no constant such as 'year'");
    return *part;
  }

  static Text date_part(const std::vector<Expression>& arguments) {
    ARROW_ASSIGN_OR_RAISE(const DatePart part, constant_part(arguments[0], "date_part"));
    const std::vector<Expression> date = {arguments[1]};
    switch (part) {
      case DatePart::kYear:
        return filled("year($1)", date);
      case DatePart::kQuarter:
        return filled("quarter($1)", date);
      case DatePart::kMonth:
        return filled("month($1)", date);
      case DatePart::kWeek:
        return filled("weekofyear($1)", date);
      case DatePart::kDay:
        return filled("day($1)", date);
      case DatePart::kHour:
        return filled("hour($1)", date);
      case DatePart::kMinute:
        return filled("minute($1)", date);
      case DatePart::kSecond:
        return filled("second($1)", date);
      case DatePart::kDayOfWeek:
        return filled("(dayofweek($1) - 1)", date);
      case DatePart::kIsoDayOfWeek:
        return filled("(weekday($1) + 1)", date);
      case DatePart::kDayOfYear:
        return filled("dayofyear($1)", date);
      case DatePart::kEpoch:
        return filled("(unix_micros(CAST($1 AS TIMESTAMP)) / 1000000D)", date);
      default:
        return no_equal("date_part('" + std::string(*constant_text(arguments[0])) + "', ...)");
    }
  }

  static Text date_diff(const std::vector<Expression>& arguments) {
    ARROW_ASSIGN_OR_RAISE(const DatePart part, constant_part(arguments[0], "date_diff"));
    const auto boundaries = [&](std::string_view micros) {
      const auto count = [&](std::string_view argument) {
        return "floor(unix_micros(CAST(" + std::string(argument) + " AS TIMESTAMP)) / " + std::string(micros) + ")";
      };
      return filled("(" + count("$3") + " - " + count("$2") + ")", arguments);
    };
    switch (part) {
      case DatePart::kDay:
        return filled("datediff(CAST($3 AS DATE), CAST($2 AS DATE))", arguments);
      case DatePart::kWeek:
        return filled("(datediff(CAST($3 AS DATE), CAST($2 AS DATE)) DIV 7)", arguments);
      case DatePart::kMonth:
        return filled("((year($3) - year($2)) * 12 + month($3) - month($2))", arguments);
      case DatePart::kQuarter:
        return filled("((year($3) - year($2)) * 4 + quarter($3) - quarter($2))", arguments);
      case DatePart::kYear:
        return filled("(year($3) - year($2))", arguments);
      case DatePart::kHour:
        return boundaries("3600000000");
      case DatePart::kMinute:
        return boundaries("60000000");
      case DatePart::kSecond:
        return boundaries("1000000");
      default:
        return no_equal("date_diff('" + std::string(*constant_text(arguments[0])) + "', ...)");
    }
  }

  static Text date_trunc(const std::vector<Expression>& arguments) {
    ARROW_ASSIGN_OR_RAISE(const DatePart part, constant_part(arguments[0], "date_trunc"));
    const auto text = [&](std::string_view unit) {
      return filled("date_trunc('" + std::string(unit) + "', $2)", arguments);
    };
    switch (part) {
      case DatePart::kYear:
        return text("YEAR");
      case DatePart::kQuarter:
        return text("QUARTER");
      case DatePart::kMonth:
        return text("MONTH");
      case DatePart::kWeek:
        return text("WEEK");
      case DatePart::kDay:
        return text("DAY");
      case DatePart::kHour:
        return text("HOUR");
      case DatePart::kMinute:
        return text("MINUTE");
      case DatePart::kSecond:
        return text("SECOND");
      default:
        return no_equal("date_trunc('" + std::string(*constant_text(arguments[0])) + "', ...)");
    }
  }

  // --- regular expressions

  // The pattern with the option letters of DuckDB as Java's inline flags.
  static Text pattern_with_options(const Expression& pattern, const Expression* options) {
    ARROW_ASSIGN_OR_RAISE(const std::string text, print(pattern));
    if (options == nullptr) return text;
    const std::optional<std::string_view> letters = constant_text(*options);
    if (!letters) return no_equal("a regular expression with options that are no constant");
    std::string flags;
    for (const char letter : *letters) {
      if (letter == 'i' || letter == 's') {
        flags += letter;
      } else if (letter != 'c' && letter != 'g') {
        return no_equal("the regular expression option '" + std::string(1, letter) + "'");
      }
    }
    return flags.empty() ? text : "concat('(?" + flags + ")', " + text + ")";
  }

  // \1 is $1 in Java, where $ and \ themselves need a backslash.
  static Text replacement(const Expression& expression) {
    const std::optional<std::string_view> constant = constant_text(expression);
    if (!constant) return no_equal("regexp_replace with a replacement that is no constant text");
    std::string java;
    for (size_t i = 0; i < constant->size(); ++i) {
      const char c = (*constant)[i];
      const char next = i + 1 < constant->size() ? (*constant)[i + 1] : '\0';
      if (c == '\\' && next >= '0' && next <= '9') {
        java += '$';
      } else if (c == '\\' && next == '\\') {
        java += "\\\\";
        ++i;
      } else {
        if (c == '$' || c == '\\') java += '\\';
        java += c;
      }
    }
    return spark_text(java);
  }

  static Text pattern_call(std::string_view function, const std::vector<Expression>& arguments) {
    const bool has_group = function == "regexp_extract" || function == "regexp_extract_all";
    const size_t options_at = has_group || function == "regexp_replace" ? 3 : 2;
    const Expression* options = arguments.size() > options_at ? &arguments[options_at] : nullptr;
    ARROW_ASSIGN_OR_RAISE(const std::string text, print(arguments[0]));
    ARROW_ASSIGN_OR_RAISE(const std::string pattern, pattern_with_options(arguments[1], options));
    if (has_group) {
      ARROW_ASSIGN_OR_RAISE(const std::string group, arguments.size() > 2 ? print(arguments[2]) : Text("0"));
      return std::string(function) + "(" + text + ", " + pattern + ", " + group + ")";
    }
    if (function == "regexp_matches") return "regexp_like(" + text + ", " + pattern + ")";
    if (function == "regexp_full_match") return "regexp_like(" + text + ", concat('^(?:', " + pattern + ", ')$'))";
    if (function == "regexp_split_to_array") return "split(" + text + ", " + pattern + ")";
    const bool is_global = options != nullptr && constant_text(*options)->find('g') != std::string_view::npos;
    if (!is_global) return no_equal("regexp_replace without the option 'g', which replaces the first match only");
    ARROW_ASSIGN_OR_RAISE(const std::string rewrite, replacement(arguments[2]));
    return "regexp_replace(" + text + ", " + pattern + ", " + rewrite + ")";
  }
};

}  // namespace

Result<std::string> Expression::to_spark_sql() const { return SparkPrinter::print(*this); }

}  // namespace linkwright
