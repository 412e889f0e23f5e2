#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>

#include "base/nearest_name.h"
#include "expr/expression.h"
#include "expr/function_names.h"
#include "expr/keywords.h"
#include "expr/sql_error.h"
#include "expr/sql_type.h"
#include "expr/tokenizer.h"

namespace linkwright {
namespace {

using Arguments = std::vector<Expression>;

// Binding powers of DuckDB's (PostgreSQL's) operators, weakest first.
enum Precedence : int { kOr = 1, kAnd, kNot, kIs, kComparison, kLike, kOther, kSum, kProduct, kPower, kSign };

struct BinaryOperator {
  std::string_view symbol;
  Precedence precedence;
  std::string_view function;  // name in the tree
  bool negated = false;
  bool swapped = false;
  std::string_view option = "";  // one argument more
};

constexpr auto kBinaryOperators = std::to_array<BinaryOperator>({
    {"=", kComparison, "="},
    {"==", kComparison, "="},
    {"<>", kComparison, "=", true},
    {"!=", kComparison, "=", true},
    {"<", kComparison, "<"},
    {">", kComparison, ">"},
    {"<=", kComparison, "<="},
    {">=", kComparison, ">="},
    {"||", kOther, "||"},
    {"~~", kOther, "like"},
    {"!~~", kOther, "like", true},
    {"~~*", kOther, "ilike"},
    {"!~~*", kOther, "ilike", true},
    {"~", kOther, "regexp_matches"},
    {"!~", kOther, "regexp_matches", true},
    {"~*", kOther, "regexp_matches", false, false, "i"},
    {"!~*", kOther, "regexp_matches", true, false, "i"},
    {"^@", kOther, "starts_with"},
    {"@>", kOther, "list_has_all"},
    {"<@", kOther, "list_has_all", false, true},
    {"&&", kOther, "list_has_any"},
    {"+", kSum, "+"},
    {"-", kSum, "-"},
    {"*", kProduct, "*"},
    {"/", kProduct, "/"},
    {"//", kProduct, "//"},
    {"%", kProduct, "%"},
    {"^", kPower, "power"},
    {"**", kPower, "power"},
});

const BinaryOperator* find_operator(const Token& token) {
  if (token.kind != Token::Kind::kSymbol) return nullptr;
  for (const BinaryOperator& op : kBinaryOperators) {
    if (op.symbol == token.text) return &op;
  }
  return nullptr;
}

class Parser {
 public:
  Parser(std::string_view sql, std::vector<Token> tokens) : sql_(sql), tokens_(std::move(tokens)) {}

  Result<Expression> run() {
    if (peek().kind == Token::Kind::kEnd) return fail("the SQL expression is empty");
    ARROW_ASSIGN_OR_RAISE(Expression expression, expression_from(kOr));
    if (peek().is_symbol(";")) ++cursor_;
    if (peek().kind != Token::Kind::kEnd) return fail("expected an operator or the end of the expression");
    return expression;
  }

 private:
  // --- tokens

  const Token& peek(size_t ahead = 0) const { return tokens_[std::min(cursor_ + ahead, tokens_.size() - 1)]; }
  const Token& take() { return tokens_[cursor_ + 1 < tokens_.size() ? cursor_++ : cursor_]; }

  bool at_word(std::string_view word, size_t ahead = 0) const {
    const Token& token = peek(ahead);
    return token.kind == Token::Kind::kWord && token.text.size() == word.size() && to_lower_ascii(token.text) == word;
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

  Status fail(std::string_view message) const { return sql_error(sql_, peek().position, message); }
  Status fail_at(size_t position, std::string_view message) const { return sql_error(sql_, position, message); }

  Status expect_symbol(std::string_view symbol, std::string_view purpose) {
    if (take_symbol(symbol)) return Status::OK();
    return fail("expected '" + std::string(symbol) + "' " + std::string(purpose));
  }
  Status expect_word(std::string_view word, std::string_view purpose) {
    if (take_word(word)) return Status::OK();
    return fail("expected " + std::string(word) + " " + std::string(purpose));
  }

  // --- tree

  Result<Expression> checked(Expression expression) const {
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

  Result<Expression> call(std::string_view function, Arguments arguments, size_t position) const {
    return checked(Expression::call(std::string(function), std::move(arguments), position));
  }

  Result<Expression> negation(Result<Expression> operand, size_t position) const {
    ARROW_RETURN_NOT_OK(operand);
    return call("not", {operand.MoveValueUnsafe()}, position);
  }

  // and, or and || are associative: one flat call however they are nested, so that chains may have any length.
  static void append_flattened(Arguments& arguments, const Expression& operand, std::string_view function) {
    if (operand.is_call(function)) {
      arguments.insert(arguments.end(), operand.arguments().begin(), operand.arguments().end());
    } else {
      arguments.push_back(operand);
    }
  }

  // --- operators

  Result<Expression> expression_from(int weakest) {
    if (depth_ >= Expression::kMaxHeight) {
      return fail("the expression is nested more than " + std::to_string(Expression::kMaxHeight) + " levels deep");
    }
    ++depth_;
    Result<Expression> result = operators_from(weakest);
    --depth_;
    return result;
  }

  Result<Expression> operators_from(int weakest) {
    ARROW_ASSIGN_OR_RAISE(Expression left, prefix());
    while (true) {
      const size_t position = peek().position;
      if (weakest <= kOr && at_word("or")) {
        ARROW_ASSIGN_OR_RAISE(left, chain(std::move(left), "or", kAnd));
      } else if (weakest <= kAnd && at_word("and")) {
        ARROW_ASSIGN_OR_RAISE(left, chain(std::move(left), "and", kNot));
      } else if (weakest <= kIs && (at_word("is") || at_word("isnull") || at_word("notnull"))) {
        ARROW_ASSIGN_OR_RAISE(left, is_test(std::move(left), position));
      } else if (weakest <= kLike && at_pattern_test()) {
        ARROW_ASSIGN_OR_RAISE(left, pattern_test(std::move(left), position));
      } else if (peek().is_symbol("||") && weakest <= kOther) {
        ARROW_ASSIGN_OR_RAISE(left, chain(std::move(left), "||", kSum));
      } else if (const BinaryOperator* op = find_operator(peek()); op != nullptr && weakest <= op->precedence) {
        ARROW_ASSIGN_OR_RAISE(left, binary(std::move(left), *op, position));
      } else {
        return left;
      }
    }
  }

  Result<Expression> chain(Expression first, std::string_view function, int operand_precedence) {
    const size_t position = peek().position;
    Arguments arguments;
    append_flattened(arguments, first, function);
    while (function == "||" ? take_symbol(function) : take_word(function)) {
      ARROW_ASSIGN_OR_RAISE(const Expression operand, expression_from(operand_precedence));
      append_flattened(arguments, operand, function);
    }
    return call(function, std::move(arguments), position);
  }

  Result<Expression> binary(Expression left, const BinaryOperator& op, size_t position) {
    ++cursor_;
    ARROW_ASSIGN_OR_RAISE(Expression right, expression_from(op.precedence + 1));
    if (op.precedence == kComparison) {
      const BinaryOperator* next = find_operator(peek());
      if (next != nullptr && next->precedence == kComparison) {
        return fail("a comparison cannot follow a comparison; join them with AND, or use parentheses");
      }
    }
    if (op.swapped) std::swap(left, right);
    Arguments arguments = {std::move(left), std::move(right)};
    if (!op.option.empty()) arguments.push_back(Expression::text_literal(std::string(op.option), position));
    Result<Expression> result = call(op.function, std::move(arguments), position);
    return op.negated ? negation(std::move(result), position) : result;
  }

  Result<Expression> prefix() {
    const size_t position = peek().position;
    if (take_word("not")) return negation(expression_from(kNot), position);
    if (take_symbol("+")) return expression_from(kSign);
    if (take_symbol("-")) {
      ARROW_ASSIGN_OR_RAISE(const Expression operand, expression_from(kSign));
      return minus(operand, position);
    }
    return postfix();
  }

  Result<Expression> minus(const Expression& operand, size_t position) const {
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

  Result<Expression> is_test(Expression operand, size_t position) {
    if (take_word("isnull")) return call("is null", {std::move(operand)}, position);
    if (take_word("notnull")) return negation(call("is null", {std::move(operand)}, position), position);
    ++cursor_;
    const bool negated = take_word("not");
    ARROW_ASSIGN_OR_RAISE(Expression test, is_what(std::move(operand), position));
    return negated ? negation(std::move(test), position) : test;
  }

  Result<Expression> is_what(Expression operand, size_t position) {
    if (take_word("null") || take_word("unknown")) return call("is null", {std::move(operand)}, position);
    for (const bool value : {true, false}) {
      if (!take_word(value ? "true" : "false")) continue;
      ARROW_ASSIGN_OR_RAISE(
          Expression truth,
          call("cast", {std::move(operand), Expression::text_literal("BOOLEAN", position)}, position));
      Arguments arguments = {std::move(truth), Expression::boolean_literal(value, position)};
      return negation(call("is distinct from", std::move(arguments), position), position);
    }
    if (take_word("distinct")) {
      ARROW_RETURN_NOT_OK(expect_word("from", "after IS [NOT] DISTINCT"));
      ARROW_ASSIGN_OR_RAISE(Expression other, expression_from(kComparison + 1));
      return call("is distinct from", {std::move(operand), std::move(other)}, position);
    }
    return fail("expected NULL, TRUE, FALSE or DISTINCT FROM after IS [NOT]");
  }

  bool at_pattern_test() const {
    const size_t ahead = at_word("not") ? 1 : 0;
    return at_word("in", ahead) || at_word("like", ahead) || at_word("ilike", ahead) || at_word("between", ahead) ||
           at_word("similar", ahead);
  }

  Result<Expression> pattern_test(Expression operand, size_t position) {
    const bool negated = take_word("not");
    Result<Expression> test = pattern_what(std::move(operand), position);
    return negated ? negation(std::move(test), position) : test;
  }

  Result<Expression> pattern_what(Expression operand, size_t position) {
    if (take_word("in")) return in_list(std::move(operand), position);
    if (take_word("between")) return between(operand, position);
    if (take_word("similar")) {
      ARROW_RETURN_NOT_OK(expect_word("to", "after SIMILAR"));
      ARROW_ASSIGN_OR_RAISE(Expression pattern, expression_from(kOther));
      return call("regexp_full_match", {std::move(operand), std::move(pattern)}, position);
    }
    const std::string function = to_lower_ascii(take().text);  // like, ilike
    ARROW_ASSIGN_OR_RAISE(Expression pattern, expression_from(kOther));
    Arguments arguments = {std::move(operand), std::move(pattern)};
    if (take_word("escape")) {
      ARROW_ASSIGN_OR_RAISE(Expression escape, expression_from(kOther));
      arguments.push_back(std::move(escape));
    }
    return call(function, std::move(arguments), position);
  }

  Result<Expression> between(const Expression& operand, size_t position) {
    ARROW_ASSIGN_OR_RAISE(Expression low, expression_from(kOther));
    ARROW_RETURN_NOT_OK(expect_word("and", "between the two bounds of BETWEEN"));
    ARROW_ASSIGN_OR_RAISE(Expression high, expression_from(kOther));
    ARROW_ASSIGN_OR_RAISE(Expression above, call(">=", {operand, std::move(low)}, position));
    ARROW_ASSIGN_OR_RAISE(Expression below, call("<=", {operand, std::move(high)}, position));
    return call("and", {std::move(above), std::move(below)}, position);
  }

  Result<Expression> in_list(Expression operand, size_t position) {
    if (!take_symbol("(")) {  // `x in list_column`
      ARROW_ASSIGN_OR_RAISE(Expression list, expression_from(kOther));
      return call("contains", {std::move(list), std::move(operand)}, position);
    }
    if (at_word("select") || at_word("with")) return fail("subqueries are not supported; list the values");
    Arguments arguments = {std::move(operand)};
    ARROW_RETURN_NOT_OK(list_until(")", arguments));
    if (arguments.size() == 1) return fail_at(position, "expected at least one value in the list of IN");
    return call("in", std::move(arguments), position);
  }

  // Values separated by commas up to `close`, which is taken.
  Status list_until(std::string_view close, Arguments& values) {
    if (take_symbol(close)) return Status::OK();
    do {
      ARROW_ASSIGN_OR_RAISE(Expression value, argument());
      values.push_back(std::move(value));
    } while (take_symbol(","));
    return expect_symbol(close, "or ',' after this value");
  }

  // --- what follows a value

  Result<Expression> postfix() {
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

  Result<Expression> subscript(Expression value, size_t position) {
    Arguments arguments = {std::move(value)};
    if (peek().is_symbol(":")) {
      arguments.push_back(Expression::integer_literal(1, position));
    } else {
      ARROW_ASSIGN_OR_RAISE(Expression index, expression_from(kOr));
      arguments.push_back(std::move(index));
      if (take_symbol("]")) return call("list_extract", std::move(arguments), position);
    }
    ARROW_RETURN_NOT_OK(expect_symbol(":", "or ']' in the subscript"));
    if (peek().is_symbol("]") || peek().is_symbol(":") || (peek().is_symbol("-") && peek(1).is_symbol(":"))) {
      take_symbol("-");
      arguments.push_back(Expression::integer_literal(-1, position));
    } else {
      ARROW_ASSIGN_OR_RAISE(Expression end, expression_from(kOr));
      arguments.push_back(std::move(end));
    }
    if (take_symbol(":")) {
      ARROW_ASSIGN_OR_RAISE(Expression step, expression_from(kOr));
      arguments.push_back(std::move(step));
    }
    ARROW_RETURN_NOT_OK(expect_symbol("]", "at the end of the slice"));
    return call("list_slice", std::move(arguments), position);
  }

  // A type as a text literal with DuckDB's own spelling, the second argument of a cast.
  Result<Expression> type_name() {
    const size_t position = peek().position;
    if (!is_name(peek())) return fail("expected the name of a type");
    std::string name = to_lower_ascii(take().text);
    if (name == "double" && take_word("precision")) name += " precision";
    if (name == "character" && take_word("varying")) name += " varying";
    if (at_word("with") || at_word("without")) {
      name += " " + to_lower_ascii(take().text);
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

  // --- values

  static bool is_name(const Token& token) {
    return token.kind == Token::Kind::kWord || token.kind == Token::Kind::kQuotedName;
  }

  Result<Expression> primary() {
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
      ARROW_ASSIGN_OR_RAISE(Expression inner, expression_from(kOr));
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

  Result<Expression> number(const Token& token) const {
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

  Result<Expression> word() {
    const Token& token = peek();
    const std::string name = to_lower_ascii(token.text);
    if (peek(1).kind == Token::Kind::kText && !is_reserved_word(name)) return typed_literal();
    if (name == "interval") return fail("intervals are not supported; use date_diff, or add days to a date as numbers");
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

  // date '1990-01-01'
  Result<Expression> typed_literal() {
    const size_t position = peek().position;
    ARROW_ASSIGN_OR_RAISE(Expression type, type_name());
    const Token& text = take();
    return call("cast", {Expression::text_literal(text.text, text.position), std::move(type)}, position);
  }

  Result<Expression> case_when() {
    const size_t position = take().position;
    std::optional<Expression> subject;
    if (!at_word("when")) {
      ARROW_ASSIGN_OR_RAISE(subject, expression_from(kOr));
    }
    Arguments arguments;
    while (take_word("when")) {
      ARROW_ASSIGN_OR_RAISE(Expression condition, expression_from(kOr));
      if (subject) {
        const size_t at = condition.position();
        ARROW_ASSIGN_OR_RAISE(condition, call("=", {*subject, std::move(condition)}, at));
      }
      ARROW_RETURN_NOT_OK(expect_word("then", "after the condition of WHEN"));
      ARROW_ASSIGN_OR_RAISE(Expression value, expression_from(kOr));
      arguments.push_back(std::move(condition));
      arguments.push_back(std::move(value));
    }
    if (arguments.empty()) return fail("expected WHEN in CASE");
    if (take_word("else")) {
      ARROW_ASSIGN_OR_RAISE(Expression otherwise, expression_from(kOr));
      arguments.push_back(std::move(otherwise));
    } else {
      arguments.push_back(Expression::null_literal(peek().position));
    }
    ARROW_RETURN_NOT_OK(expect_word("end", "or WHEN or ELSE in CASE"));
    return call("case", std::move(arguments), position);
  }

  Result<Expression> cast(std::string_view function) {
    const size_t position = take().position;
    ++cursor_;  // (
    ARROW_ASSIGN_OR_RAISE(Expression value, expression_from(kOr));
    ARROW_RETURN_NOT_OK(expect_word("as", "and a type, as in CAST(x AS VARCHAR)"));
    ARROW_ASSIGN_OR_RAISE(Expression type, type_name());
    ARROW_RETURN_NOT_OK(expect_symbol(")", "after the type"));
    return call(function, {std::move(value), std::move(type)}, position);
  }

  Result<Expression> extract() {
    const size_t position = take().position;
    ++cursor_;  // (
    if (!is_name(peek()) && peek().kind != Token::Kind::kText) return fail("expected a part of a date, such as year");
    const Token& part = take();
    ARROW_RETURN_NOT_OK(expect_word("from", "as in EXTRACT(year FROM x)"));
    ARROW_ASSIGN_OR_RAISE(Expression date, expression_from(kOr));
    ARROW_RETURN_NOT_OK(expect_symbol(")", "after the date"));
    return call("date_part", {Expression::text_literal(to_lower_ascii(part.text), part.position), std::move(date)},
                position);
  }

  // A column, a lambda's parameter, or a call.
  Result<Expression> named() {
    const Token name = take();
    if (take_symbol("(")) return function_call(name, {});
    const bool is_side_name =
        name.text.size() == 1 && std::string_view("lrLR").find(name.text) != std::string_view::npos;
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

  bool is_parameter(std::string_view name) const {
    for (const std::string& parameter : parameters_) {
      if (parameter == name) return true;
    }
    return false;
  }

  Result<Expression> function_call(const Token& name, Arguments arguments) {
    std::string spelling = to_lower_ascii(name.text);
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

  Result<Expression> resolved_call(const Token& name, const std::string& spelling, Arguments arguments) const {
    if (spelling == "if") {
      if (arguments.size() != 3) return fail_at(name.position, "if takes 3 arguments: condition, value, other value");
      return call("case", std::move(arguments), name.position);
    }
    const std::optional<FunctionName> function = find_function(spelling);
    if (!function) {
      return fail_at(name.position,
                     "unknown function '" + spelling + "'" + suggestion(spelling, known_function_names()));
    }
    if (arguments.size() < function->min_arguments || arguments.size() > function->max_arguments) {
      return fail_at(name.position, arity_message(spelling, *function, arguments.size()));
    }
    return call(function->name, std::move(arguments), name.position);
  }

  static std::string arity_message(std::string_view spelling, const FunctionName& function, size_t given) {
    std::string expected = std::to_string(function.min_arguments);
    if (function.max_arguments > 1000) {
      expected = "at least " + expected;
    } else if (function.max_arguments != function.min_arguments) {
      expected += " to " + std::to_string(function.max_arguments);
    }
    return std::string(spelling) + " takes " + expected + (expected.ends_with('1') ? " argument" : " arguments") +
           ", not " + std::to_string(given);
  }

  // substring(x FROM a FOR b), trim(LEADING 'a' FROM x), position(a IN x), and their plain forms. May change
  // `spelling`.
  Status keyword_arguments(std::string& spelling, Arguments& arguments) {
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
    ARROW_ASSIGN_OR_RAISE(Expression second, expression_from(kOr));
    arguments.push_back(std::move(second));
    if (spelling != "substring") {
      std::swap(arguments[0], arguments[1]);
    } else if (take_word("for")) {
      ARROW_ASSIGN_OR_RAISE(Expression count, expression_from(kOr));
      arguments.push_back(std::move(count));
    }
    return expect_symbol(")", "after the arguments");
  }

  Status position_arguments(Arguments& arguments) {
    ARROW_ASSIGN_OR_RAISE(Expression needle, expression_from(kOther));
    ARROW_RETURN_NOT_OK(expect_word("in", "as in POSITION('b' IN x)"));
    ARROW_ASSIGN_OR_RAISE(Expression haystack, expression_from(kOr));
    arguments = {std::move(haystack), std::move(needle)};
    return expect_symbol(")", "after the arguments");
  }

  // --- lambdas: x -> f(x), (x, y) -> f(x, y), lambda x, y: f(x, y)

  Result<Expression> argument() {
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
      return expression_from(kOr);
    }
    const size_t outer = parameters_.size();
    parameters_.insert(parameters_.end(), names.begin(), names.end());
    Result<Expression> body = expression_from(kOr);
    parameters_.resize(outer);
    ARROW_RETURN_NOT_OK(body);
    return checked(Expression::lambda(std::move(names), body.MoveValueUnsafe(), position));
  }

  bool arrow_parameters(std::vector<std::string>& names) {
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

  std::string_view sql_;
  std::vector<Token> tokens_;
  size_t cursor_ = 0;
  size_t depth_ = 0;
  std::vector<std::string> parameters_;  // of the lambdas around the cursor
};

}  // namespace

Result<Expression> Expression::parse(std::string_view sql) {
  ARROW_ASSIGN_OR_RAISE(std::vector<Token> tokens, tokenize(sql));
  return Parser(sql, std::move(tokens)).run();
}

}  // namespace linkwright
