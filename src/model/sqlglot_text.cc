#include "model/sqlglot_text.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "expr/expression.h"
#include "expr/keywords.h"
#include "expr/precedence.h"
#include "expr/tokenizer.h"
#include "model/sqlglot_names.h"

namespace linkwright {
namespace {

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

// Reads the tokens of an expression that is known to parse, and writes them anew. Gives up at what it does not know.
class Writer {
 public:
  Writer(std::string_view sql, const std::vector<Token>& tokens, const ColumnWriter& write_column)
      : sql_(sql), tokens_(tokens), write_column_(write_column) {}

  std::optional<std::string> run() {
    std::string text = expression(Precedence::kOr);
    if (given_up_ || peek().kind != Token::Kind::kEnd) return std::nullopt;
    return text;
  }

 private:
  const Token& peek(size_t ahead = 0) const { return tokens_[std::min(cursor_ + ahead, tokens_.size() - 1)]; }
  bool at_word(std::string_view word, size_t ahead = 0) const {
    return peek(ahead).kind == Token::Kind::kWord && to_lower_ascii(peek(ahead).text) == word;
  }
  bool take_word(std::string_view word) {
    const bool found = at_word(word);
    if (found) ++cursor_;
    return found;
  }
  bool take_symbol(std::string_view symbol) {
    const bool found = peek().is_symbol(symbol);
    if (found) ++cursor_;
    return found;
  }
  // An empty text, after which nothing is written any more.
  std::string give_up() {
    given_up_ = true;
    cursor_ = tokens_.size() - 1;
    return "";
  }
  void expect_symbol(std::string_view symbol) {
    if (!take_symbol(symbol)) give_up();
  }
  void expect_word(std::string_view word) {
    if (!take_word(word)) give_up();
  }

  std::string expression(Precedence weakest) {
    std::string left = prefix();
    while (!given_up_) {
      if (weakest <= Precedence::kOr && take_word("or")) {
        left += " OR " + expression(Precedence::kAnd);
      } else if (weakest <= Precedence::kAnd && take_word("and")) {
        left += " AND " + expression(Precedence::kNot);
      } else if (weakest <= Precedence::kIs && (at_word("is") || at_word("isnull") || at_word("notnull"))) {
        left = is_test(left);
      } else if (weakest <= Precedence::kLike && at_pattern_test()) {
        left = pattern_test(left);
      } else if (const SqlglotOperator* op = find_operator(); op != nullptr && weakest <= op->precedence) {
        ++cursor_;
        left = binary(left, *op);
      } else {
        break;
      }
    }
    return left;
  }

  const SqlglotOperator* find_operator() const {
    return peek().kind == Token::Kind::kSymbol ? find_sqlglot_operator(peek().text) : nullptr;
  }

  std::string binary(const std::string& left, const SqlglotOperator& op) {
    if (at_word("interval") || at_word("any")) return give_up();
    const std::string right = expression(tighter(op.precedence));
    const std::string written(op.written);
    return op.is_function ? written + "(" + left + ", " + right + ")" : left + " " + written + " " + right;
  }

  std::string prefix() {
    if (take_word("not")) return "NOT " + expression(Precedence::kNot);
    if (take_symbol("+")) return expression(Precedence::kSign);
    if (!take_symbol("-")) return postfix();
    const std::string operand = expression(Precedence::kSign);
    return (operand.starts_with('-') ? "- " : "-") + operand;
  }

  std::string is_test(const std::string& operand) {
    if (take_word("isnull")) return operand + " IS NULL";
    if (take_word("notnull")) return "NOT " + operand + " IS NULL";
    ++cursor_;
    const bool negated = take_word("not");
    if (take_word("distinct")) {
      expect_word("from");
      return operand + (negated ? " IS NOT DISTINCT FROM " : " IS DISTINCT FROM ") + expression(Precedence::kLike);
    }
    for (const char* const word : {"null", "true", "false"}) {
      if (take_word(word)) return (negated ? "NOT " : "") + operand + " IS " + to_upper_ascii(word);
    }
    return give_up();
  }

  bool at_pattern_test() const {
    const size_t ahead = at_word("not") ? 1 : 0;
    return at_word("in", ahead) || at_word("like", ahead) || at_word("ilike", ahead) || at_word("between", ahead) ||
           at_word("similar", ahead);
  }

  std::string pattern_test(const std::string& operand) {
    const bool negated = take_word("not");
    const std::string before = (negated ? "NOT " : "") + operand;
    if (take_word("in")) {
      if (!take_symbol("(")) return give_up();
      return before + " IN (" + joined(list_until(")")) + ")";
    }
    if (take_word("between")) {
      const std::string low = expression(Precedence::kOther);
      expect_word("and");
      return before + " BETWEEN " + low + " AND " + expression(Precedence::kOther);
    }
    if (take_word("similar")) {
      expect_word("to");
      return before + " SIMILAR TO " + expression(Precedence::kOther);
    }
    const std::string test = to_upper_ascii(peek().text);  // LIKE, ILIKE
    ++cursor_;
    const std::string pattern = expression(Precedence::kOther);
    const std::string text = operand + (negated ? " NOT " : " ") + test + " " + pattern;
    return take_word("escape") ? text + " ESCAPE " + expression(Precedence::kOther) : text;
  }

  std::string postfix() {
    std::string value = primary();
    while (!given_up_) {
      if (take_symbol("::")) {
        value = "CAST(" + value + " AS " + type_name() + ")";
      } else if (take_symbol("[")) {
        value += "[" + subscript() + "]";
      } else {
        break;
      }
    }
    return peek().is_symbol(".") ? give_up() : value;
  }

  std::string subscript() {
    std::string text = peek().is_symbol(":") ? "" : expression(Precedence::kOr);
    if (take_symbol(":")) {
      text += ":";
      if (!peek().is_symbol("]")) text += expression(Precedence::kOr);
    }
    expect_symbol("]");
    return text;
  }

  std::string type_name() {
    const std::string name = to_lower_ascii(peek().text);
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

  std::string primary() {
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

  std::string text_literal() {
    const Token& token = peek();
    ++cursor_;
    const char first = sql_[token.position];
    if (first == 'e' || first == 'E') {  // escapes stay as they are
      const size_t end = sql_.rfind('\'', peek().position - 1);
      return "e" + std::string(sql_.substr(token.position + 1, end - token.position));
    }
    return in_quotes(token.text, '\'');
  }

  std::string word() {
    const std::string name = to_lower_ascii(peek().text);
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

  std::string case_when() {
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

  std::string call(const std::string& name) {
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
  std::string worded_call(const std::string& name) {
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

  std::string function(const std::string& name, std::vector<std::string> arguments) {
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

  std::vector<std::string> list_until(std::string_view close) {
    std::vector<std::string> items;
    if (take_symbol(close)) return items;
    do {
      items.push_back(argument());
    } while (take_symbol(","));
    expect_symbol(close);
    return items;
  }

  // x -> f(x), (x, y) -> f(x, y), lambda x, y: f(x, y), or an expression.
  std::string argument() {
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

  bool is_parameter(const std::string& name) const {
    return std::find(parameters_.begin(), parameters_.end(), name) != parameters_.end();
  }

  std::string_view sql_;
  const std::vector<Token>& tokens_;
  const ColumnWriter& write_column_;
  size_t cursor_ = 0;
  bool given_up_ = false;
  std::vector<std::string> parameters_;  // of the lambdas around the cursor
};

// The text as it stands, with its columns written anew.
std::string copied(std::string_view sql, const std::vector<Token>& tokens, const std::vector<ColumnReference>& columns,
                   const ColumnWriter& write_column) {
  std::string text;
  for (size_t i = 0; i + 1 < tokens.size(); ++i) {
    const Token& token = tokens[i];
    const bool is_name = token.kind == Token::Kind::kWord || token.kind == Token::Kind::kQuotedName;
    const bool is_column =
        is_name && !tokens[i + 1].is_symbol("(") &&
        std::any_of(columns.begin(), columns.end(), [&](const ColumnReference& c) { return c.name == token.text; });
    const std::string_view written = sql.substr(token.position, tokens[i + 1].position - token.position);
    if (is_column) {
      const bool is_quoted = token.kind == Token::Kind::kQuotedName;
      const size_t length = is_quoted ? in_quotes(token.text, '"').size() : token.text.size();
      text += write_column(token.text, is_quoted);
      if (written.size() > length) text += ' ';
    } else {
      text += written;
    }
  }
  return text;
}

}  // namespace

std::string in_quotes(std::string_view text, char quote) {
  std::string result(1, quote);
  for (const char c : text) {
    if (c == quote) result += quote;
    result += c;
  }
  return result + quote;
}

Result<std::string> sqlglot_text(std::string_view sql, const ColumnWriter& write_column) {
  ARROW_ASSIGN_OR_RAISE(const Expression expression, Expression::parse(sql));
  const std::vector<ColumnReference> columns = expression.columns();
  for (const ColumnReference& column : columns) {
    if (column.side == Side::kNone) continue;
    return Status::Invalid("'", column.side == Side::kLeft ? "l." : "r.", column.name,
                           "' names a record of a pair; write the column alone, it is read from both");
  }
  ARROW_ASSIGN_OR_RAISE(const std::vector<Token> tokens, tokenize(sql));
  std::optional<std::string> text = Writer(sql, tokens, write_column).run();
  return text ? std::move(*text) : copied(sql, tokens, columns, write_column);
}

}  // namespace linkwright
