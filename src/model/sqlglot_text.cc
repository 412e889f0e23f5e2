#include "model/sqlglot_text.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "expr/expression.h"
#include "expr/tokenizer.h"
#include "model/sqlglot_writer.h"

namespace linkwright {
namespace {

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
  std::optional<std::string> text = SqlglotWriter(sql, tokens, write_column).run();
  return text ? std::move(*text) : copied(sql, tokens, columns, write_column);
}

}  // namespace linkwright
