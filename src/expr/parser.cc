// Operators, and what the other half of the parser (parser_values.cc) builds on.

#include "expr/parser.h"

#include <limits>

#include "base/ascii.h"

namespace linkwright {

struct Parser::BinaryOperator {
  std::string_view symbol;
  Precedence precedence;
  std::string_view function;  // name in the tree
  bool negated = false;
  bool swapped = false;
  std::string_view option = {};  // one argument more
};

constexpr Parser::BinaryOperator Parser::kBinaryOperators[] = {
    {"=", Precedence::kComparison, "="},
    {"==", Precedence::kComparison, "="},
    {"<>", Precedence::kComparison, "=", true},
    {"!=", Precedence::kComparison, "=", true},
    {"<", Precedence::kComparison, "<"},
    {">", Precedence::kComparison, ">"},
    {"<=", Precedence::kComparison, "<="},
    {">=", Precedence::kComparison, ">="},
    {"||", Precedence::kOther, "||"},
    {"~~", Precedence::kOther, "like"},
    {"!~~", Precedence::kOther, "like", true},
    {"~~*", Precedence::kOther, "ilike"},
    {"!~~*", Precedence::kOther, "ilike", true},
    {"~", Precedence::kOther, "regexp_matches"},
    {"!~", Precedence::kOther, "regexp_matches", true},
    {"~*", Precedence::kOther, "regexp_matches", false, false, "i"},
    {"!~*", Precedence::kOther, "regexp_matches", true, false, "i"},
    {"^@", Precedence::kOther, "starts_with"},
    {"@>", Precedence::kOther, "list_has_all"},
    {"<@", Precedence::kOther, "list_has_all", false, true},
    {"&&", Precedence::kOther, "list_has_any"},
    {"+", Precedence::kSum, "+"},
    {"-", Precedence::kSum, "-"},
    {"*", Precedence::kProduct, "*"},
    {"/", Precedence::kProduct, "/"},
    {"//", Precedence::kProduct, "//"},
    {"%", Precedence::kProduct, "%"},
    {"^", Precedence::kPower, "power"},
    {"**", Precedence::kPower, "power"},
};

const Parser::BinaryOperator* Parser::find_operator(const Token& token) {
  if (token.kind != Token::Kind::kSymbol) return nullptr;
  for (const BinaryOperator& op : kBinaryOperators) {
    if (op.symbol == token.text) return &op;
  }
  return nullptr;
}

std::optional<Precedence> Parser::precedence_of(const Token& token) {
  const BinaryOperator* op = find_operator(token);
  return op == nullptr ? std::nullopt : std::optional(op->precedence);
}

Result<Expression> Parser::run() {
  if (peek().kind == Token::Kind::kEnd) return fail("the SQL expression is empty");
  ARROW_ASSIGN_OR_RAISE(Expression expression, expression_from(Precedence::kOr));
  if (peek().is_symbol(";")) ++cursor_;
  if (peek().kind != Token::Kind::kEnd) return fail("expected an operator or the end of the expression");
  return expression;
}

Status Parser::expect_symbol(std::string_view symbol, std::string_view purpose) {
  if (take_symbol(symbol)) return Status::OK();
  return fail("expected '" + std::string(symbol) + "' " + std::string(purpose));
}

Status Parser::expect_word(std::string_view word, std::string_view purpose) {
  if (take_word(word)) return Status::OK();
  return fail("expected " + std::string(word) + " " + std::string(purpose));
}

Result<Expression> Parser::checked(Expression expression) const {
  if (expression.height() > Expression::kMaxHeight) {
    return fail_at(expression.position(),
                   "the expression is nested more than " + std::to_string(Expression::kMaxHeight) + " levels deep");
  }
  if (expression.size() > Expression::kMaxSize) {
    return fail_at(expression.position(), "the expression has more than " + std::to_string(Expression::kMaxSize) +
                                              " parts; name a part of it in `derive`, and use that column");
  }
  return expression;
}

Result<Expression> Parser::call(std::string_view function, Arguments arguments, size_t position) const {
  return checked(Expression::call(std::string(function), std::move(arguments), position));
}

Result<Expression> Parser::negation(Result<Expression> operand, size_t position) const {
  ARROW_RETURN_NOT_OK(operand);
  return call("not", {operand.MoveValueUnsafe()}, position);
}

void Parser::append_flattened(Arguments& arguments, const Expression& operand, std::string_view function) {
  if (operand.is_call(function)) {
    arguments.insert(arguments.end(), operand.arguments().begin(), operand.arguments().end());
  } else {
    arguments.push_back(operand);
  }
}

Result<Expression> Parser::expression_from(Precedence weakest) {
  if (depth_ >= Expression::kMaxHeight) {
    return fail("the expression is nested more than " + std::to_string(Expression::kMaxHeight) + " levels deep");
  }
  ++depth_;
  Result<Expression> result = operators_from(weakest);
  --depth_;
  return result;
}

Result<Expression> Parser::operators_from(Precedence weakest) {
  ARROW_ASSIGN_OR_RAISE(Expression left, prefix());
  while (true) {
    const size_t position = peek().position;
    if (weakest <= Precedence::kOr && at_word("or")) {
      ARROW_ASSIGN_OR_RAISE(left, chain(left, "or", Precedence::kAnd));
    } else if (weakest <= Precedence::kAnd && at_word("and")) {
      ARROW_ASSIGN_OR_RAISE(left, chain(left, "and", Precedence::kNot));
    } else if (weakest <= Precedence::kIs && (at_word("is") || at_word("isnull") || at_word("notnull"))) {
      ARROW_ASSIGN_OR_RAISE(left, is_test(std::move(left), position));
    } else if (weakest <= Precedence::kLike && at_pattern_test()) {
      ARROW_ASSIGN_OR_RAISE(left, pattern_test(std::move(left), position));
    } else if (peek().is_symbol("||") && weakest <= Precedence::kOther) {
      ARROW_ASSIGN_OR_RAISE(left, chain(left, "||", Precedence::kSum));
    } else if (const BinaryOperator* op = find_operator(peek()); op != nullptr && weakest <= op->precedence) {
      ARROW_ASSIGN_OR_RAISE(left, binary(std::move(left), *op, position));
    } else {
      return left;
    }
  }
}

Result<Expression> Parser::chain(const Expression& first, std::string_view function, Precedence operand_precedence) {
  const size_t position = peek().position;
  Arguments arguments;
  append_flattened(arguments, first, function);
  while (function == "||" ? take_symbol(function) : take_word(function)) {
    ARROW_ASSIGN_OR_RAISE(const Expression operand, expression_from(operand_precedence));
    append_flattened(arguments, operand, function);
  }
  return call(function, std::move(arguments), position);
}

Result<Expression> Parser::binary(Expression left, const BinaryOperator& op, size_t position) {
  ++cursor_;
  if (op.precedence == Precedence::kSum && at_word("interval")) {
    return interval_shift(std::move(left), op.symbol == "-", position);
  }
  if (op.symbol == "=" && at_word("any") && peek(1).is_symbol("(")) {  // x = ANY (list)
    ++cursor_;
    ARROW_ASSIGN_OR_RAISE(Expression list, expression_from(Precedence::kOther));
    return call("= any", {std::move(left), std::move(list)}, position);
  }
  ARROW_ASSIGN_OR_RAISE(Expression right, expression_from(tighter(op.precedence)));
  if (op.precedence == Precedence::kComparison) {
    const BinaryOperator* next = find_operator(peek());
    if (next != nullptr && next->precedence == Precedence::kComparison) {
      return fail("a comparison cannot follow a comparison; join them with AND, or use parentheses");
    }
  }
  if (op.swapped) std::swap(left, right);
  Arguments arguments = {std::move(left), std::move(right)};
  if (!op.option.empty()) arguments.push_back(Expression::text_literal(std::string(op.option), position));
  Result<Expression> result = call(op.function, std::move(arguments), position);
  return op.negated ? negation(std::move(result), position) : result;
}

Result<Expression> Parser::prefix() {
  const size_t position = peek().position;
  if (take_word("not")) return negation(expression_from(Precedence::kNot), position);
  if (take_symbol("+")) return expression_from(Precedence::kSign);
  if (take_symbol("-")) {
    ARROW_ASSIGN_OR_RAISE(const Expression operand, expression_from(Precedence::kSign));
    return minus(operand, position);
  }
  return postfix();
}

Result<Expression> Parser::minus(const Expression& operand, size_t position) const {
  if (!operand.decimal_digits().empty()) {
    const std::string& digits = operand.decimal_digits();
    return Expression::decimal_literal(digits.starts_with('-') ? digits.substr(1) : "-" + digits, position);
  }
  if (operand.kind() == Expression::Kind::kLiteral) {
    const Value& value = operand.literal();
    if (value.kind == ValueKind::kDouble) return Expression::double_literal(-value.number, position);
    if (value.kind == ValueKind::kInteger && value.integer != std::numeric_limits<int64_t>::min()) {
      return Expression::integer_literal(-value.integer, position);
    }
  }
  return call("-", {operand}, position);
}

Result<Expression> Parser::is_test(Expression operand, size_t position) {
  if (take_word("isnull")) return call("is null", {std::move(operand)}, position);
  if (take_word("notnull")) return negation(call("is null", {std::move(operand)}, position), position);
  ++cursor_;
  const bool negated = take_word("not");
  ARROW_ASSIGN_OR_RAISE(Expression test, is_what(std::move(operand), position));
  return negated ? negation(std::move(test), position) : test;
}

Result<Expression> Parser::is_what(Expression operand, size_t position) {
  if (take_word("null") || take_word("unknown")) return call("is null", {std::move(operand)}, position);
  for (const bool value : {true, false}) {
    if (!take_word(value ? "true" : "false")) continue;
    ARROW_ASSIGN_OR_RAISE(Expression truth,
                          call("cast", {std::move(operand), Expression::text_literal("BOOLEAN", position)}, position));
    Arguments arguments = {std::move(truth), Expression::boolean_literal(value, position)};
    return negation(call("is distinct from", std::move(arguments), position), position);
  }
  if (take_word("distinct")) {
    ARROW_RETURN_NOT_OK(expect_word("from", "after IS [NOT] DISTINCT"));
    ARROW_ASSIGN_OR_RAISE(Expression other, expression_from(Precedence::kLike));
    return call("is distinct from", {std::move(operand), std::move(other)}, position);
  }
  return fail("expected NULL, TRUE, FALSE or DISTINCT FROM after IS [NOT]");
}

bool Parser::at_pattern_test() const {
  const size_t ahead = at_word("not") ? 1 : 0;
  return at_word("in", ahead) || at_word("like", ahead) || at_word("ilike", ahead) || at_word("between", ahead) ||
         at_word("similar", ahead);
}

Result<Expression> Parser::pattern_test(Expression operand, size_t position) {
  const bool negated = take_word("not");
  Result<Expression> test = pattern_what(std::move(operand), position);
  return negated ? negation(std::move(test), position) : test;
}

Result<Expression> Parser::pattern_what(Expression operand, size_t position) {
  if (take_word("in")) return in_list(std::move(operand), position);
  if (take_word("between")) return between(operand, position);
  if (take_word("similar")) {
    ARROW_RETURN_NOT_OK(expect_word("to", "after SIMILAR"));
    ARROW_ASSIGN_OR_RAISE(Expression pattern, expression_from(Precedence::kOther));
    return call("regexp_full_match", {std::move(operand), std::move(pattern)}, position);
  }
  const std::string function = to_lower(take().text);  // like, ilike
  ARROW_ASSIGN_OR_RAISE(Expression pattern, expression_from(Precedence::kOther));
  Arguments arguments = {std::move(operand), std::move(pattern)};
  if (take_word("escape")) {
    ARROW_ASSIGN_OR_RAISE(Expression escape, expression_from(Precedence::kOther));
    arguments.push_back(std::move(escape));
  }
  return call(function, std::move(arguments), position);
}

Result<Expression> Parser::between(const Expression& operand, size_t position) {
  ARROW_ASSIGN_OR_RAISE(Expression low, expression_from(Precedence::kOther));
  ARROW_RETURN_NOT_OK(expect_word("and", "between the two bounds of BETWEEN"));
  ARROW_ASSIGN_OR_RAISE(Expression high, expression_from(Precedence::kOther));
  ARROW_ASSIGN_OR_RAISE(Expression above, call(">=", {operand, std::move(low)}, position));
  ARROW_ASSIGN_OR_RAISE(Expression below, call("<=", {operand, std::move(high)}, position));
  return call("and", {std::move(above), std::move(below)}, position);
}

Result<Expression> Parser::in_list(Expression operand, size_t position) {
  if (!take_symbol("(")) {  // `x in list_column`
    ARROW_ASSIGN_OR_RAISE(Expression list, expression_from(Precedence::kOther));
    return call("contains", {std::move(list), std::move(operand)}, position);
  }
  if (at_word("select") || at_word("with")) return fail("subqueries are not supported; list the values");
  Arguments arguments = {std::move(operand)};
  ARROW_RETURN_NOT_OK(list_until(")", arguments));
  if (arguments.size() == 1) return fail_at(position, "expected at least one value in the list of IN");
  return call("in", std::move(arguments), position);
}

Status Parser::list_until(std::string_view close, Arguments& values) {
  if (take_symbol(close)) return Status::OK();
  do {
    ARROW_ASSIGN_OR_RAISE(Expression value, argument());
    values.push_back(std::move(value));
  } while (take_symbol(","));
  return expect_symbol(close, "or ',' after this value");
}

Result<Expression> Expression::parse(std::string_view sql) {
  ARROW_ASSIGN_OR_RAISE(std::vector<Token> tokens, tokenize(sql));
  return Parser(sql, std::move(tokens)).run();
}

}  // namespace linkwright
