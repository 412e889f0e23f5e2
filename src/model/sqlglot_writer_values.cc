// Values, types, calls and lambdas.

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "expr/keywords.h"
#include "model/sqlglot_names.h"
#include "model/sqlglot_writer.h"

namespace linkwright {

std::string SqlglotWriter::type_name() {
  const std::string name = to_lower(peek().text);
  ++cursor_;
  std::string written = sqlglot_type(name);
  const bool is_decimal = name == "decimal" || name == "numeric";
  if (take_symbol("(")) {
    const std::vector<std::string> parameters = list_until(")");
    if (is_decimal) written = "DECIMAL(" + joined(parameters) + ")";
  }
  if (peek().kind == Token::Kind::kWord && (at_word("precision") || at_word("varying") || at_word("with"))) {
    return give_up();
  }
  while (peek().is_symbol("[") && peek(1).is_symbol("]")) {
    cursor_ += 2;
    written += "[]";
  }
  return written;
}

std::string SqlglotWriter::primary() {
  const Token& token = peek();
  switch (token.kind) {
    case Token::Kind::kText:
      return text_literal();
    case Token::Kind::kNumber:
      ++cursor_;
      return (token.text.starts_with('.') ? "0" : "") + token.text;
    case Token::Kind::kQuotedName:
      ++cursor_;
      return peek().is_symbol("(") ? give_up() : write_column_(token.text, true);
    case Token::Kind::kWord:
      return word();
    case Token::Kind::kEnd:
      return give_up();
    case Token::Kind::kSymbol:
      break;
  }
  if (take_symbol("(")) {
    const std::string inner = expression(Precedence::kOr);
    expect_symbol(")");
    return "(" + inner + ")";
  }
  return take_symbol("[") ? "[" + joined(list_until("]")) + "]" : give_up();
}

std::string SqlglotWriter::text_literal() {
  const Token& token = peek();
  ++cursor_;
  const char first = sql_[token.position];
  if (first == 'e' || first == 'E') {  // escapes stay as they are
    const size_t end = sql_.rfind('\'', peek().position - 1);
    return "e" + std::string(sql_.substr(token.position + 1, end - token.position));
  }
  return in_quotes(token.text, '\'');
}

std::string SqlglotWriter::word() {
  const std::string name = to_lower(peek().text);
  if (name == "array" && peek(1).is_symbol("[")) {
    cursor_ += 2;
    return "[" + joined(list_until("]")) + "]";
  }
  if (name == "case") return case_when();
  if (peek(1).is_symbol("(")) return call(name);
  if (is_reserved_word(name) || is_parameter(peek().text)) {
    std::string text = is_parameter(peek().text) ? peek().text : to_upper_ascii(name);  // NULL, TRUE, FALSE
    ++cursor_;
    return text;
  }
  if (peek(1).kind == Token::Kind::kText) {  // date '1990-01-01'
    const std::string type = type_name();
    return "CAST(" + text_literal() + " AS " + type + ")";
  }
  const std::string column = peek().text;
  ++cursor_;
  return write_column_(column, false);
}

std::string SqlglotWriter::case_when() {
  ++cursor_;
  std::string text = "CASE";
  if (!at_word("when")) text += " " + expression(Precedence::kOr);
  while (take_word("when")) {
    text += " WHEN " + expression(Precedence::kOr);
    expect_word("then");
    text += " THEN " + expression(Precedence::kOr);
  }
  if (take_word("else")) text += " ELSE " + expression(Precedence::kOr);
  expect_word("end");
  return text + " END";
}

std::string SqlglotWriter::call(const std::string& name) {
  cursor_ += 2;
  if (name == "cast" || name == "try_cast") {
    const std::string value = expression(Precedence::kOr);
    expect_word("as");
    const std::string type = type_name();
    expect_symbol(")");
    return to_upper_ascii(name) + "(" + value + " AS " + type + ")";
  }
  if (name == "extract") {
    const std::string part = peek().kind == Token::Kind::kText ? text_literal() : to_upper_ascii(peek().text);
    if (peek().kind == Token::Kind::kWord && !at_word("from")) ++cursor_;
    expect_word("from");
    const std::string date = expression(Precedence::kOr);
    expect_symbol(")");
    return "EXTRACT(" + part + " FROM " + date + ")";
  }
  if (name == "substring" || name == "trim") return worded_call(name);
  if (name == "position") {
    const std::string part = expression(Precedence::kOther);
    expect_word("in");
    const std::string whole = expression(Precedence::kOr);
    expect_symbol(")");
    return "STRPOS(" + whole + ", " + part + ")";
  }
  // Operators to sqlglot, or subqueries.
  for (const std::string_view other : {"mod", "array_has_all", "list_has_any", "apply", "any", "all"}) {
    if (name == other) return give_up();
  }
  return function(name, list_until(")"));
}

// substring(x FROM a FOR b), trim(LEADING 'a' FROM x), and their plain forms.
std::string SqlglotWriter::worded_call(const std::string& name) {
  std::string written = to_upper_ascii(name);
  if (name == "trim") {
    if (take_word("leading")) {
      written = "LTRIM";
    } else if (take_word("trailing")) {
      written = "RTRIM";
    } else {
      take_word("both");
    }
    if (take_word("from")) return written + "(" + joined(list_until(")")) + ")";
  }
  std::vector<std::string> arguments = {argument()};
  if (take_symbol(",")) {
    for (std::string& more : list_until(")")) arguments.push_back(std::move(more));
    return written + "(" + joined(arguments) + ")";
  }
  if (take_word("from")) {
    arguments.push_back(expression(Precedence::kOr));
    if (name == "trim") std::swap(arguments[0], arguments[1]);
    if (take_word("for")) arguments.push_back(expression(Precedence::kOr));
  }
  expect_symbol(")");
  return written + "(" + joined(arguments) + ")";
}

std::string SqlglotWriter::function(const std::string& name, std::vector<std::string> arguments) {
  if (given_up_) return "";
  if (name == "list_value") return "[" + joined(arguments) + "]";
  if (name == "if" && arguments.size() == 3) {
    return "CASE WHEN " + arguments[0] + " THEN " + arguments[1] + " ELSE " + arguments[2] + " END";
  }
  if (name == "log2" || name == "log10") return "LOG(" + name.substr(3) + ", " + joined(arguments) + ")";
  if (name == "regexp_extract" && arguments.size() == 3 && arguments[2] == "0") arguments.pop_back();
  const std::string written = sqlglot_function(name);
  const bool has_unit = written == "DATE_TRUNC" || written == "DATE_DIFF";
  if (has_unit && !arguments.empty()) arguments[0] = to_upper_ascii(arguments[0]);
  return written + "(" + joined(arguments) + ")";
}

std::vector<std::string> SqlglotWriter::list_until(std::string_view close) {
  std::vector<std::string> items;
  if (take_symbol(close)) return items;
  do {
    items.push_back(argument());
  } while (take_symbol(","));
  expect_symbol(close);
  return items;
}

// x -> f(x), (x, y) -> f(x, y), lambda x, y: f(x, y), or an expression.
std::string SqlglotWriter::argument() {
  std::vector<std::string> names;
  size_t ahead = 0;
  const bool in_parentheses = peek().is_symbol("(");
  const bool is_lambda = at_word("lambda");
  if (in_parentheses || is_lambda) ++ahead;
  while (peek(ahead).kind == Token::Kind::kWord || peek(ahead).kind == Token::Kind::kQuotedName) {
    names.push_back(peek(ahead++).text);
    if (!(in_parentheses || is_lambda) || !peek(ahead).is_symbol(",")) break;
    ++ahead;
  }
  if (in_parentheses && peek(ahead).is_symbol(")")) ++ahead;
  if (names.empty() || !peek(ahead).is_symbol(is_lambda ? ":" : "->")) return expression(Precedence::kOr);
  cursor_ += ahead + 1;
  const size_t outer = parameters_.size();
  parameters_.insert(parameters_.end(), names.begin(), names.end());
  std::string text = "LAMBDA " + joined(names) + " : " + expression(Precedence::kOr);
  parameters_.resize(outer);
  return text;
}

bool SqlglotWriter::is_parameter(const std::string& name) const {
  return std::find(parameters_.begin(), parameters_.end(), name) != parameters_.end();
}

}  // namespace linkwright
