#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "expr/expression.h"
#include "expr/function_names.h"
#include "expr/precedence.h"
#include "expr/sql_error.h"
#include "expr/token_cursor.h"
#include "expr/tokenizer.h"

namespace linkwright {

/// Reads one expression by precedence climbing. Behind Expression::parse; used once.
class Parser : private TokenCursor {
 public:
  Parser(std::string_view sql, std::vector<Token> tokens) : TokenCursor(std::move(tokens)), sql_(sql) {}

  Result<Expression> run();

  /// How tightly a binary operator of symbols binds; none for another token.
  static std::optional<Precedence> precedence_of(const Token& token);

 private:
  using Arguments = std::vector<Expression>;
  struct BinaryOperator;

  // --- tokens
  Status fail(std::string_view message) const { return sql_error(sql_, peek().position, message); }
  Status fail_at(size_t position, std::string_view message) const { return sql_error(sql_, position, message); }
  Status expect_symbol(std::string_view symbol, std::string_view purpose);
  Status expect_word(std::string_view word, std::string_view purpose);

  // --- tree
  Result<Expression> checked(Expression expression) const;
  Result<Expression> call(std::string_view function, Arguments arguments, size_t position) const;
  Result<Expression> negation(Result<Expression> operand, size_t position) const;
  // and, or and || are associative: one flat call however they are nested, so that chains may have any length.
  static void append_flattened(Arguments& arguments, const Expression& operand, std::string_view function);

  // --- operators
  Result<Expression> expression_from(Precedence weakest);
  Result<Expression> operators_from(Precedence weakest);
  Result<Expression> chain(const Expression& first, std::string_view function, Precedence operand_precedence);
  static const BinaryOperator kBinaryOperators[];
  static const BinaryOperator* find_operator(const Token& token);
  Result<Expression> binary(Expression left, const BinaryOperator& op, size_t position);
  // moment + INTERVAL ..., as date_shift(moment, count, unit); the cursor is at INTERVAL.
  Result<Expression> interval_shift(Expression moment, bool is_backward, size_t position);
  Result<Expression> interval_count();
  Result<Expression> interval_unit();
  Result<Expression> prefix();
  Result<Expression> minus(const Expression& operand, size_t position) const;
  Result<Expression> is_test(Expression operand, size_t position);
  Result<Expression> is_what(Expression operand, size_t position);
  bool at_pattern_test() const;
  Result<Expression> pattern_test(Expression operand, size_t position);
  Result<Expression> pattern_what(Expression operand, size_t position);
  Result<Expression> between(const Expression& operand, size_t position);
  Result<Expression> in_list(Expression operand, size_t position);
  // Values separated by commas up to `close`, which is taken.
  Status list_until(std::string_view close, Arguments& values);

  // --- what follows a value
  Result<Expression> postfix();
  Result<Expression> subscript(Expression value, size_t position);
  // A type as a text literal with DuckDB's own spelling, the second argument of a cast.
  Result<Expression> type_name();

  // --- values
  static bool is_name(const Token& token);
  Result<Expression> primary();
  Result<Expression> number(const Token& token) const;
  Result<Expression> word();
  // date '1990-01-01'
  Result<Expression> typed_literal();
  Result<Expression> case_when();
  Result<Expression> cast(std::string_view function);
  Result<Expression> extract();
  // A column, a lambda's parameter, or a call.
  Result<Expression> named();
  bool is_parameter(std::string_view name) const;
  Result<Expression> function_call(const Token& name, Arguments arguments);
  Result<Expression> resolved_call(const Token& name, const std::string& spelling, Arguments arguments) const;
  static std::string arity_message(std::string_view spelling, const FunctionName& function, size_t given);
  // substring(x FROM a FOR b), trim(LEADING 'a' FROM x), position(a IN x), and their plain forms. May change
  // `spelling`.
  Status keyword_arguments(std::string& spelling, Arguments& arguments);
  Status position_arguments(Arguments& arguments);

  // --- lambdas: x -> f(x), (x, y) -> f(x, y), lambda x, y: f(x, y)
  Result<Expression> argument();
  bool arrow_parameters(std::vector<std::string>& names);

  std::string_view sql_;
  size_t depth_ = 0;
  std::vector<std::string> parameters_;  // of the lambdas around the cursor
};

}  // namespace linkwright
