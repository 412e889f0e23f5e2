#include "expr/printer.h"

#include <array>
#include <charconv>
#include <cmath>

#include "base/ascii.h"
#include "expr/keywords.h"

namespace linkwright {
namespace {

struct OperatorPrecedence {
  std::string_view function;
  Precedence precedence;
};

constexpr auto kOperators = std::to_array<OperatorPrecedence>({
    {"or", Precedence::kOr},
    {"and", Precedence::kAnd},
    {"not", Precedence::kNot},
    {"is null", Precedence::kIs},
    {"is distinct from", Precedence::kIs},
    {"=", Precedence::kComparison},
    {"<", Precedence::kComparison},
    {">", Precedence::kComparison},
    {"<=", Precedence::kComparison},
    {">=", Precedence::kComparison},
    {"= any", Precedence::kComparison},
    {"in", Precedence::kLike},
    {"like", Precedence::kLike},
    {"ilike", Precedence::kLike},
    {"||", Precedence::kOther},
    {"+", Precedence::kSum},
    {"date_shift", Precedence::kSum},
    {"-", Precedence::kSum},
    {"*", Precedence::kProduct},
    {"/", Precedence::kProduct},
    {"//", Precedence::kProduct},
    {"%", Precedence::kProduct},
});

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return result;
}

class DuckDbPrinter {
 public:
  std::string take() && { return std::move(out_); }

  void print(const Expression& expression) {
    switch (expression.kind()) {
      case Expression::Kind::kLiteral:
        return literal(expression);
      case Expression::Kind::kColumn:
        return column(expression.column());
      case Expression::Kind::kParameter:
        out_ += quoted_name(expression.parameters().front(), '"');
        return;
      case Expression::Kind::kLambda:
        return lambda(expression);
      case Expression::Kind::kCall:
        return call(expression);
    }
  }

 private:
  void operand(const Expression& expression, Precedence weakest) {
    const bool needs_parentheses = precedence_of(expression) < weakest;
    if (needs_parentheses) out_ += '(';
    print(expression);
    if (needs_parentheses) out_ += ')';
  }

  void literal(const Expression& expression) {
    const Value& value = expression.literal();
    switch (value.kind) {
      case ValueKind::kBoolean:
        out_ += value.boolean ? "TRUE" : "FALSE";
        return;
      case ValueKind::kInteger:
        out_ += std::to_string(value.integer);
        return;
      case ValueKind::kDouble:
        return number(expression);
      case ValueKind::kText:
        return text(value.text());
      default:
        out_ += "NULL";
        return;
    }
  }

  void number(const Expression& expression) {
    const double value = expression.literal().number;
    if (!expression.decimal_digits().empty()) {
      out_ += expression.decimal_digits();
    } else if (std::isfinite(value)) {
      out_ += double_text(value);
    } else {
      out_ += std::isnan(value) ? "CAST('nan' AS DOUBLE)"
              : value > 0       ? "CAST('inf' AS DOUBLE)"
                                : "CAST('-inf' AS DOUBLE)";
    }
  }

  void text(std::string_view value) {
    out_ += '\'';
    for (const char c : value) {
      if (c == '\'') out_ += '\'';
      out_ += c;
    }
    out_ += '\'';
  }

  void column(const ColumnReference& column) {
    if (column.side != Side::kNone) out_ += column.side == Side::kLeft ? "l." : "r.";
    out_ += quoted_name(column.name, '"');
  }

  void lambda(const Expression& expression) {
    out_ += "lambda ";
    for (size_t i = 0; i < expression.parameters().size(); ++i) {
      if (i > 0) out_ += ", ";
      out_ += quoted_name(expression.parameters()[i], '"');
    }
    out_ += ": ";
    print(expression.arguments().front());
  }

  void call(const Expression& expression) {
    const std::string& function = expression.function();
    const std::vector<Expression>& arguments = expression.arguments();
    if (function == "case") return case_when(arguments);
    if (function == "cast" || function == "try_cast") return cast(function, arguments);
    if (function == "not") return negation(arguments.front());
    if (function == "is null") return is_test(arguments, "IS NULL");
    if (function == "is distinct from") return is_test(arguments, "IS DISTINCT FROM ");
    if (function == "in") return in_list(arguments, "IN");
    if (function == "like" || function == "ilike") return like(arguments, upper(function));
    if (function == "-" && arguments.size() == 1) return minus(arguments.front());
    if (function == "date_shift") return shift(arguments);
    if (function == "= any") return equals_any(arguments);
    if (function == "list_value") return list("[", arguments, "]");
    if (precedence_of(expression) != Precedence::kValue) return infix(expression);
    out_ += function == "left" || function == "right" ? quoted_name(function, '"') : function;
    list("(", arguments, ")");
  }

  void list(std::string_view open, const std::vector<Expression>& items, std::string_view close) {
    out_ += open;
    for (size_t i = 0; i < items.size(); ++i) {
      if (i > 0) out_ += ", ";
      print(items[i]);
    }
    out_ += close;
  }

  void infix(const Expression& expression, std::string_view written = "") {
    const Precedence precedence = precedence_of(expression);
    const bool is_word = precedence <= Precedence::kAnd;
    const bool groups_left = precedence == Precedence::kSum || precedence == Precedence::kProduct;
    const std::string sign = !written.empty() ? std::string(written)
                             : is_word        ? upper(expression.function())
                                              : expression.function();
    bool first = true;
    for (const Expression& argument : expression.arguments()) {
      if (!first) out_ += " " + sign + " ";
      operand(argument, first && groups_left ? precedence : tighter(precedence));
      first = false;
    }
  }

  void negation(const Expression& inner) {
    if (inner.is_call("=")) return infix(inner, "<>");
    if (inner.is_call("is null")) return is_test(inner.arguments(), "IS NOT NULL");
    if (inner.is_call("is distinct from")) return is_test(inner.arguments(), "IS NOT DISTINCT FROM ");
    if (inner.is_call("in")) return in_list(inner.arguments(), "NOT IN");
    if (inner.is_call("like")) return like(inner.arguments(), "NOT LIKE");
    if (inner.is_call("ilike")) return like(inner.arguments(), "NOT ILIKE");
    out_ += "NOT ";
    operand(inner, Precedence::kNot);
  }

  void is_test(const std::vector<Expression>& arguments, std::string_view test) {
    operand(arguments.front(), tighter(Precedence::kIs));
    out_ += ' ';
    out_ += test;
    if (arguments.size() > 1) operand(arguments[1], tighter(Precedence::kComparison));
  }

  void in_list(const std::vector<Expression>& arguments, std::string_view test) {
    operand(arguments.front(), tighter(Precedence::kLike));
    out_ += ' ';
    out_ += test;
    list(" (", {arguments.begin() + 1, arguments.end()}, ")");
  }

  void like(const std::vector<Expression>& arguments, std::string_view test) {
    operand(arguments[0], tighter(Precedence::kLike));
    out_ += ' ';
    out_ += test;
    out_ += ' ';
    operand(arguments[1], tighter(Precedence::kLike));
    if (arguments.size() < 3) return;
    out_ += " ESCAPE ";
    operand(arguments[2], tighter(Precedence::kLike));
  }

  void minus(const Expression& inner) {
    out_ += '-';
    operand(inner, Precedence::kValue);
  }

  void equals_any(const std::vector<Expression>& arguments) {
    operand(arguments[0], tighter(Precedence::kComparison));
    out_ += " = ANY (";
    print(arguments[1]);
    out_ += ')';
  }

  void shift(const std::vector<Expression>& arguments) {
    operand(arguments[0], Precedence::kSum);
    out_ += " + INTERVAL (";
    print(arguments[1]);
    out_ += ") " + upper(arguments[2].literal().text());
  }

  void cast(std::string_view function, const std::vector<Expression>& arguments) {
    out_ += upper(function) + "(";
    print(arguments[0]);
    out_ += " AS ";
    out_ += arguments[1].literal().text();
    out_ += ')';
  }

  void case_when(const std::vector<Expression>& arguments) {
    out_ += "CASE";
    for (size_t i = 0; i + 1 < arguments.size(); i += 2) {
      out_ += " WHEN ";
      print(arguments[i]);
      out_ += " THEN ";
      print(arguments[i + 1]);
    }
    out_ += " ELSE ";
    print(arguments.back());
    out_ += " END";
  }

  std::string out_;
};

}  // namespace

Precedence precedence_of(const Expression& expression) {
  if (expression.kind() == Expression::Kind::kLambda) return Precedence::kOr;
  if (expression.kind() != Expression::Kind::kCall) return Precedence::kValue;
  if (expression.is_call("-") && expression.arguments().size() == 1) return Precedence::kSign;
  if (expression.is_call("not")) {  // NOT (a = b) is printed as a <> b, and so on
    const Expression& inner = expression.arguments().front();
    for (const std::string_view test : {"=", "is null", "is distinct from", "in", "like", "ilike"}) {
      if (inner.is_call(test)) return precedence_of(inner);
    }
    return Precedence::kNot;
  }
  for (const OperatorPrecedence& op : kOperators) {
    if (op.function == expression.function()) return op.precedence;
  }
  return Precedence::kValue;
}

std::string quoted_name(std::string_view name, char quote) {
  const auto is_plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  bool plain = !name.empty() && is_plain(name.front()) && !is_reserved_word(to_lower(name));
  for (const char c : name) plain = plain && (is_plain(c) || (c >= '0' && c <= '9'));
  if (plain) return std::string(name);
  std::string result(1, quote);
  for (const char c : name) {
    if (c == quote) result += quote;
    result += c;
  }
  return result + quote;
}

std::string double_text(double value) {
  std::array<char, 32> buffer;
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
  return {buffer.data(), result.ptr};
}

std::string Expression::to_sql() const {
  DuckDbPrinter printer;
  printer.print(*this);
  return std::move(printer).take();
}

}  // namespace linkwright
