// Operators; what they stand between is written in sqlglot_writer_values.cc.

#include "model/sqlglot_writer.h"

#include "expr/parser.h"
#include "model/sqlglot_names.h"

namespace linkwright {

std::string SqlglotWriter::joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

std::optional<std::string> SqlglotWriter::run() {
  std::string text = expression(Precedence::kOr);
  if (given_up_ || peek().kind != Token::Kind::kEnd) return std::nullopt;
  return text;
}

std::string SqlglotWriter::give_up() {
  given_up_ = true;
  cursor_ = tokens_.size() - 1;
  return "";
}

void SqlglotWriter::expect_symbol(std::string_view symbol) {
  if (!take_symbol(symbol)) give_up();
}

void SqlglotWriter::expect_word(std::string_view word) {
  if (!take_word(word)) give_up();
}

std::string SqlglotWriter::expression(Precedence weakest) {
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
    } else if (const auto precedence = Parser::precedence_of(peek()); precedence && weakest <= *precedence) {
      left = binary(left, *precedence);
    } else {
      break;
    }
  }
  return left;
}

std::string SqlglotWriter::binary(const std::string& left, Precedence precedence) {
  const SqlglotOperator* op = find_sqlglot_operator(take().text);
  if (op == nullptr || at_word("interval") || at_word("any")) return give_up();
  const std::string right = expression(tighter(precedence));
  const std::string written(op->written);
  return op->is_function ? written + "(" + left + ", " + right + ")" : left + " " + written + " " + right;
}

std::string SqlglotWriter::prefix() {
  if (take_word("not")) return "NOT " + expression(Precedence::kNot);
  if (take_symbol("+")) return expression(Precedence::kSign);
  if (!take_symbol("-")) return postfix();
  const std::string operand = expression(Precedence::kSign);
  return (operand.starts_with('-') ? "- " : "-") + operand;
}

std::string SqlglotWriter::is_test(const std::string& operand) {
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

bool SqlglotWriter::at_pattern_test() const {
  const size_t ahead = at_word("not") ? 1 : 0;
  return at_word("in", ahead) || at_word("like", ahead) || at_word("ilike", ahead) || at_word("between", ahead) ||
         at_word("similar", ahead);
}

std::string SqlglotWriter::pattern_test(const std::string& operand) {
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

std::string SqlglotWriter::postfix() {
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

std::string SqlglotWriter::subscript() {
  std::string text = peek().is_symbol(":") ? "" : expression(Precedence::kOr);
  if (take_symbol(":")) {
    text += ":";
    if (!peek().is_symbol("]")) text += expression(Precedence::kOr);
  }
  expect_symbol("]");
  return text;
}

}  // namespace linkwright
