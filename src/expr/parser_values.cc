// Values: literals, columns, calls, CASE, CAST, lists and lambdas, and what may follow a value.

#include <charconv>
#include <optional>

#include "base/ascii.h"
#include "base/nearest_name.h"
#include "expr/date_part.h"
#include "expr/keywords.h"
#include "expr/parser.h"
#include "expr/sql_type.h"

namespace linkwright {

Result<Expression> Parser::postfix() {
  ARROW_ASSIGN_OR_RAISE(Expression value, primary());
  while (true) {
    const size_t position = peek().position;
    if (take_symbol("::")) {
      ARROW_ASSIGN_OR_RAISE(Expression type, type_name());
      ARROW_ASSIGN_OR_RAISE(value, call("cast", {std::move(value), std::move(type)}, position));
    } else if (take_symbol("[")) {
      ARROW_ASSIGN_OR_RAISE(value, subscript(std::move(value), position));
    } else if (peek().is_symbol(".") && is_name(peek(1)) && peek(2).is_symbol("(")) {
      const Token name = peek(1);
      cursor_ += 3;
      ARROW_ASSIGN_OR_RAISE(value, function_call(name, {std::move(value)}));
    } else if (peek().is_symbol(".")) {
      return fail("fields of structs are not supported; derive a column from the field first");
    } else {
      return value;
    }
  }
}

Result<Expression> Parser::subscript(Expression value, size_t position) {
  Arguments arguments = {std::move(value)};
  if (peek().is_symbol(":")) {
    arguments.push_back(Expression::integer_literal(1, position));
  } else {
    ARROW_ASSIGN_OR_RAISE(Expression index, expression_from(Precedence::kOr));
    arguments.push_back(std::move(index));
    if (take_symbol("]")) return call("list_extract", std::move(arguments), position);
  }
  ARROW_RETURN_NOT_OK(expect_symbol(":", "or ']' in the subscript"));
  if (peek().is_symbol("]") || peek().is_symbol(":") || (peek().is_symbol("-") && peek(1).is_symbol(":"))) {
    take_symbol("-");
    arguments.push_back(Expression::integer_literal(-1, position));
  } else {
    ARROW_ASSIGN_OR_RAISE(Expression end, expression_from(Precedence::kOr));
    arguments.push_back(std::move(end));
  }
  if (take_symbol(":")) {
    ARROW_ASSIGN_OR_RAISE(Expression step, expression_from(Precedence::kOr));
    arguments.push_back(std::move(step));
  }
  ARROW_RETURN_NOT_OK(expect_symbol("]", "at the end of the slice"));
  return call("list_slice", std::move(arguments), position);
}

Result<Expression> Parser::type_name() {
  const size_t position = peek().position;
  if (!is_name(peek())) return fail("expected the name of a type");
  std::string name = to_lower(take().text);
  if (name == "double" && take_word("precision")) name += " precision";
  if (name == "character" && take_word("varying")) name += " varying";
  if (at_word("with") || at_word("without")) {
    name += " " + to_lower(take().text);
    ARROW_RETURN_NOT_OK(expect_word("time", "in the name of the type"));
    ARROW_RETURN_NOT_OK(expect_word("zone", "in the name of the type"));
    name += " time zone";
  }
  if (take_symbol("(")) {
    name += "(";
    while (peek().kind == Token::Kind::kNumber || peek().is_symbol(",")) name += take().text;
    ARROW_RETURN_NOT_OK(expect_symbol(")", "after the parameters of the type"));
    name += ")";
  }
  while (peek().is_symbol("[")) {
    ++cursor_;
    if (peek().kind == Token::Kind::kNumber) ++cursor_;  // DuckDB's fixed-size arrays are lists here
    ARROW_RETURN_NOT_OK(expect_symbol("]", "in the name of the list type"));
    name += "[]";
  }
  const std::optional<SqlType> type = parse_sql_type(name);
  if (!type) return fail_at(position, "unknown type '" + name + "'" + suggestion(name, known_type_names()));
  return Expression::text_literal(type->to_string(), position);
}

bool Parser::is_name(const Token& token) {
  return token.kind == Token::Kind::kWord || token.kind == Token::Kind::kQuotedName;
}

Result<Expression> Parser::primary() {
  const Token& token = peek();
  switch (token.kind) {
    case Token::Kind::kText:
      return Expression::text_literal(take().text, token.position);
    case Token::Kind::kNumber:
      return number(take());
    case Token::Kind::kQuotedName:
      return named();
    case Token::Kind::kWord:
      return word();
    case Token::Kind::kEnd:
      return fail("expected a value, but the expression ends here");
    case Token::Kind::kSymbol:
      break;
  }
  if (take_symbol("(")) {
    if (at_word("select") || at_word("with")) return fail("subqueries are not supported");
    ARROW_ASSIGN_OR_RAISE(Expression inner, expression_from(Precedence::kOr));
    ARROW_RETURN_NOT_OK(expect_symbol(")", "to close the parenthesis"));
    return inner;
  }
  if (take_symbol("[")) {
    Arguments items;
    ARROW_RETURN_NOT_OK(list_until("]", items));
    return call("list_value", std::move(items), token.position);
  }
  return fail("expected a value before '" + token.text + "'");
}

Result<Expression> Parser::number(const Token& token) const {
  const char* const end = token.text.data() + token.text.size();
  const bool has_exponent = token.text.find('e') != std::string::npos;
  const bool has_point = token.text.find('.') != std::string::npos;
  if (!has_exponent && !has_point) {
    int64_t integer = 0;
    const auto [rest, error] = std::from_chars(token.text.data(), end, integer);
    if (error == std::errc() && rest == end) return Expression::integer_literal(integer, token.position);
  }
  constexpr size_t kMaxDecimalDigits = 38;  // beyond it DuckDB takes a DOUBLE, too
  if (!has_exponent && has_point && token.text.size() <= kMaxDecimalDigits + 1) {
    return Expression::decimal_literal(token.text, token.position);
  }
  double value = 0;
  const auto [rest, error] = std::from_chars(token.text.data(), end, value);
  if (error != std::errc() || rest != end) return fail_at(token.position, "this number does not fit into a DOUBLE");
  return Expression::double_literal(value, token.position);
}

Result<Expression> Parser::word() {
  const Token& token = peek();
  const std::string name = to_lower(token.text);
  if (peek(1).kind == Token::Kind::kText && !is_reserved_word(name)) return typed_literal();
  if (name == "interval")
    return fail("an interval may only be added to or taken from a date; use date_diff to compare dates");
  if (name == "lambda") return fail("a lambda may only be an argument of a list function");
  if (name == "array" && peek(1).is_symbol("[")) {
    ++cursor_;
    return primary();
  }
  if (name == "case") return case_when();
  if (peek(1).is_symbol("(")) {
    if (name == "cast" || name == "try_cast") return cast(name);
    if (name == "extract") return extract();
    if (name == "any" || name == "all" || name == "some" || name == "exists") {
      return fail("subqueries are not supported; list_contains tests for a value in a list");
    }
  }
  if (!is_reserved_word(name)) return named();
  if (take_word("null")) return Expression::null_literal(token.position);
  if (take_word("true")) return Expression::boolean_literal(true, token.position);
  if (take_word("false")) return Expression::boolean_literal(false, token.position);
  return fail("expected a value before the keyword " + token.text + " (a column of that name needs \"quotes\")");
}

Result<Expression> Parser::typed_literal() {
  const size_t position = peek().position;
  ARROW_ASSIGN_OR_RAISE(Expression type, type_name());
  const Token& text = take();
  return call("cast", {Expression::text_literal(text.text, text.position), std::move(type)}, position);
}

Result<Expression> Parser::case_when() {
  const size_t position = take().position;
  std::optional<Expression> subject;
  if (!at_word("when")) {
    ARROW_ASSIGN_OR_RAISE(subject, expression_from(Precedence::kOr));
  }
  Arguments arguments;
  while (take_word("when")) {
    ARROW_ASSIGN_OR_RAISE(Expression condition, expression_from(Precedence::kOr));
    if (subject) {
      const size_t at = condition.position();
      ARROW_ASSIGN_OR_RAISE(condition, call("=", {*subject, std::move(condition)}, at));
    }
    ARROW_RETURN_NOT_OK(expect_word("then", "after the condition of WHEN"));
    ARROW_ASSIGN_OR_RAISE(Expression value, expression_from(Precedence::kOr));
    arguments.push_back(std::move(condition));
    arguments.push_back(std::move(value));
  }
  if (arguments.empty()) return fail("expected WHEN in CASE");
  if (take_word("else")) {
    ARROW_ASSIGN_OR_RAISE(Expression otherwise, expression_from(Precedence::kOr));
    arguments.push_back(std::move(otherwise));
  } else {
    arguments.push_back(Expression::null_literal(peek().position));
  }
  ARROW_RETURN_NOT_OK(expect_word("end", "or WHEN or ELSE in CASE"));
  return call("case", std::move(arguments), position);
}

Result<Expression> Parser::cast(std::string_view function) {
  const size_t position = take().position;
  ++cursor_;  // (
  ARROW_ASSIGN_OR_RAISE(Expression value, expression_from(Precedence::kOr));
  ARROW_RETURN_NOT_OK(expect_word("as", "and a type, as in CAST(x AS VARCHAR)"));
  ARROW_ASSIGN_OR_RAISE(Expression type, type_name());
  ARROW_RETURN_NOT_OK(expect_symbol(")", "after the type"));
  return call(function, {std::move(value), std::move(type)}, position);
}

Result<Expression> Parser::extract() {
  const size_t position = take().position;
  ++cursor_;  // (
  if (!is_name(peek()) && peek().kind != Token::Kind::kText) return fail("expected a part of a date, such as year");
  const Token& part = take();
  ARROW_RETURN_NOT_OK(expect_word("from", "as in EXTRACT(year FROM x)"));
  ARROW_ASSIGN_OR_RAISE(Expression date, expression_from(Precedence::kOr));
  ARROW_RETURN_NOT_OK(expect_symbol(")", "after the date"));
  return call("date_part", {Expression::text_literal(to_lower(part.text), part.position), std::move(date)}, position);
}

Result<Expression> Parser::named() {
  const Token name = take();
  if (take_symbol("(")) return function_call(name, {});
  const bool is_side_name = name.text.size() == 1 && std::string_view("lrLR").find(name.text) != std::string_view::npos;
  const bool has_field = peek().is_symbol(".") && is_name(peek(1)) && !peek(2).is_symbol("(");
  if (is_parameter(name.text)) return Expression::parameter(name.text, name.position);
  if (!has_field) return Expression::column({Side::kNone, name.text}, name.position);
  if (!is_side_name) {
    return fail_at(name.position,
                   "'" + name.text + "' is no record of a pair; write l.column or r.column, or the column alone");
  }
  ++cursor_;
  const bool is_left = name.text == "l" || name.text == "L";
  return Expression::column({is_left ? Side::kLeft : Side::kRight, take().text}, name.position);
}

bool Parser::is_parameter(std::string_view name) const {
  for (const std::string& parameter : parameters_) {
    if (parameter == name) return true;
  }
  return false;
}

Result<Expression> Parser::function_call(const Token& name, Arguments arguments) {
  std::string spelling = to_lower(name.text);
  const bool is_method = !arguments.empty();
  if (!is_method && (spelling == "substring" || spelling == "trim" || spelling == "position")) {
    ARROW_RETURN_NOT_OK(keyword_arguments(spelling, arguments));
  } else {
    if (at_word("distinct") || peek().is_symbol("*")) return fail("aggregates over rows are not supported");
    ARROW_RETURN_NOT_OK(list_until(")", arguments));
  }
  if (at_word("over") || at_word("filter")) return fail("window functions are not supported");
  return resolved_call(name, spelling, std::move(arguments));
}

Result<Expression> Parser::resolved_call(const Token& name, const std::string& spelling, Arguments arguments) const {
  if (spelling == "if") {
    if (arguments.size() != 3) return fail_at(name.position, "if takes 3 arguments: condition, value, other value");
    return call("case", std::move(arguments), name.position);
  }
  const std::optional<FunctionName> function = find_function(spelling);
  if (!function) {
    return fail_at(name.position, "unknown function '" + spelling + "'" + suggestion(spelling, known_function_names()));
  }
  if (arguments.size() < function->min_arguments || arguments.size() > function->max_arguments) {
    return fail_at(name.position, arity_message(spelling, *function, arguments.size()));
  }
  return call(function->name, std::move(arguments), name.position);
}

std::string Parser::arity_message(std::string_view spelling, const FunctionName& function, size_t given) {
  std::string expected = std::to_string(function.min_arguments);
  if (function.max_arguments > 1000) {
    expected = "at least " + expected;
  } else if (function.max_arguments != function.min_arguments) {
    expected += " to " + std::to_string(function.max_arguments);
  }
  return std::string(spelling) + " takes " + expected + (expected.ends_with('1') ? " argument" : " arguments") +
         ", not " + std::to_string(given);
}

Status Parser::keyword_arguments(std::string& spelling, Arguments& arguments) {
  if (spelling == "position") return position_arguments(arguments);
  if (spelling == "trim") {
    if (take_word("leading")) {
      spelling = "ltrim";
    } else if (take_word("trailing")) {
      spelling = "rtrim";
    } else {
      take_word("both");
    }
    if (take_word("from")) return list_until(")", arguments);
  }
  ARROW_ASSIGN_OR_RAISE(Expression first, argument());
  arguments.push_back(std::move(first));
  if (!take_word("from")) {
    return take_symbol(",") ? list_until(")", arguments) : expect_symbol(")", "or ',' after this value");
  }
  ARROW_ASSIGN_OR_RAISE(Expression second, expression_from(Precedence::kOr));
  arguments.push_back(std::move(second));
  if (spelling != "substring") {
    std::swap(arguments[0], arguments[1]);
  } else if (take_word("for")) {
    ARROW_ASSIGN_OR_RAISE(Expression count, expression_from(Precedence::kOr));
    arguments.push_back(std::move(count));
  }
  return expect_symbol(")", "after the arguments");
}

Status Parser::position_arguments(Arguments& arguments) {
  ARROW_ASSIGN_OR_RAISE(Expression needle, expression_from(Precedence::kOther));
  ARROW_RETURN_NOT_OK(expect_word("in", "as in POSITION('b' IN x)"));
  ARROW_ASSIGN_OR_RAISE(Expression haystack, expression_from(Precedence::kOr));
  arguments = {std::move(haystack), std::move(needle)};
  return expect_symbol(")", "after the arguments");
}

// INTERVAL 7 DAY, INTERVAL '7' DAY, INTERVAL '7 days', INTERVAL (x) DAY
Result<Expression> Parser::interval_shift(Expression moment, bool is_backward, size_t position) {
  ++cursor_;
  ARROW_ASSIGN_OR_RAISE(Expression count, interval_count());
  ARROW_ASSIGN_OR_RAISE(Expression unit, interval_unit());
  if (is_backward) {
    ARROW_ASSIGN_OR_RAISE(count, minus(count, position));
  }
  return call("date_shift", {std::move(moment), std::move(count), std::move(unit)}, position);
}

Result<Expression> Parser::interval_count() {
  const Token& token = peek();
  if (take_symbol("(")) {
    ARROW_ASSIGN_OR_RAISE(Expression count, expression_from(Precedence::kOr));
    ARROW_RETURN_NOT_OK(expect_symbol(")", "after the length of the interval"));
    return count;
  }
  int64_t count = 0;
  const char* const end = token.text.data() + token.text.size();
  const auto [rest, error] = std::from_chars(token.text.data(), end, count);
  const bool is_whole = token.kind == Token::Kind::kNumber ? rest == end : token.kind == Token::Kind::kText;
  if (error != std::errc() || !is_whole) {
    return fail("expected a whole number of units, as in INTERVAL 7 DAY or INTERVAL '7 days'");
  }
  // The unit of '7 days' becomes the next token.
  std::string_view unit(rest, static_cast<size_t>(end - rest));
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  while (unit.ends_with(' ')) unit.remove_suffix(1);
  if (unit.empty()) {
    ++cursor_;
  } else {
    tokens_[cursor_] = {Token::Kind::kWord, token.position, std::string(unit)};
  }
  return Expression::integer_literal(count, peek().position);
}

Result<Expression> Parser::interval_unit() {
  const size_t position = peek().position;
  const std::optional<DatePart> unit = is_name(peek()) ? find_date_part(peek().text) : std::nullopt;
  const std::string_view name = unit ? unit_name(*unit) : "";
  if (name.empty()) return fail("expected the unit of the interval: second, minute, hour, day, week, month, year, ...");
  ++cursor_;
  return Expression::text_literal(std::string(name), position);
}

Result<Expression> Parser::argument() {
  const size_t position = peek().position;
  std::vector<std::string> names;
  if (at_word("lambda")) {
    ++cursor_;
    do {
      if (!is_name(peek())) return fail("expected the name of a parameter of the lambda");
      names.push_back(take().text);
    } while (take_symbol(","));
    ARROW_RETURN_NOT_OK(expect_symbol(":", "after the parameters of the lambda"));
  } else if (!arrow_parameters(names)) {
    return expression_from(Precedence::kOr);
  }
  const size_t outer = parameters_.size();
  parameters_.insert(parameters_.end(), names.begin(), names.end());
  Result<Expression> body = expression_from(Precedence::kOr);
  parameters_.resize(outer);
  ARROW_RETURN_NOT_OK(body);
  return checked(Expression::lambda(std::move(names), body.MoveValueUnsafe(), position));
}

bool Parser::arrow_parameters(std::vector<std::string>& names) {
  if (is_name(peek()) && peek(1).is_symbol("->")) {
    names.push_back(peek().text);
    cursor_ += 2;
    return true;
  }
  if (!peek().is_symbol("(")) return false;
  size_t ahead = 0;
  do {
    if (!is_name(peek(++ahead))) return false;
    names.push_back(peek(ahead).text);
  } while (peek(++ahead).is_symbol(","));
  if (!peek(ahead).is_symbol(")") || !peek(ahead + 1).is_symbol("->")) {
    names.clear();
    return false;
  }
  cursor_ += ahead + 2;
  return true;
}

}  // namespace linkwright
