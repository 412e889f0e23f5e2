#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "expr/precedence.h"
#include "expr/token_cursor.h"
#include "model/sqlglot_text.h"

namespace linkwright {

/// Reads the tokens of an expression that is known to parse, and writes them anew, as `sqlglot_text` says. Gives up at
/// what it does not know. Used once.
class SqlglotWriter : private TokenCursor {
 public:
  SqlglotWriter(std::string_view sql, std::vector<Token> tokens, const ColumnWriter& write_column)
      : TokenCursor(std::move(tokens)), sql_(sql), write_column_(write_column) {}

  std::optional<std::string> run();

 private:
  static std::string joined(const std::vector<std::string>& parts);  // with commas
  std::string give_up();  // an empty text, after which nothing is written any more
  void expect_symbol(std::string_view symbol);
  void expect_word(std::string_view word);

  // --- operators: sqlglot_writer.cc
  std::string expression(Precedence weakest);
  std::string binary(const std::string& left, Precedence precedence);
  std::string prefix();
  std::string is_test(const std::string& operand);
  bool at_pattern_test() const;
  std::string pattern_test(const std::string& operand);
  std::string postfix();
  std::string subscript();

  // --- values and calls: sqlglot_writer_values.cc
  std::string type_name();
  std::string primary();
  std::string text_literal();
  std::string word();
  std::string case_when();
  std::string call(const std::string& name);
  std::string worded_call(const std::string& name);
  std::string function(const std::string& name, std::vector<std::string> arguments);
  std::vector<std::string> list_until(std::string_view close);
  std::string argument();
  bool is_parameter(const std::string& name) const;

  std::string_view sql_;
  const ColumnWriter& write_column_;
  bool given_up_ = false;
  std::vector<std::string> parameters_;  // of the lambdas around the cursor
};

}  // namespace linkwright
