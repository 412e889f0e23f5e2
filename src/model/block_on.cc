#include <algorithm>
#include <cctype>

#include "expr/expression.h"
#include "model/comparison_library.h"

namespace linkwright {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// The end of the quoted text or name that starts at `begin`.
size_t quoted_end(const std::string& sql, size_t begin) {
  size_t end = begin + 1;
  while (end < sql.size() && sql[end] != sql[begin]) ++end;
  return std::min(end + 1, sql.size());
}

// The expression with l. or r. before each of its columns.
std::string with_side(const std::string& sql, const std::vector<ColumnReference>& columns, char side) {
  const auto is_column = [&](const std::string& name) {
    return std::any_of(columns.begin(), columns.end(), [&](const ColumnReference& c) { return c.name == name; });
  };
  std::string result;
  for (size_t at = 0; at < sql.size();) {
    size_t end = at + 1;
    if (sql[at] == '\'' || sql[at] == '"') {
      end = quoted_end(sql, at);
      if (sql[at] == '"') result += std::string(1, side) + ".";
      result += sql.substr(at, end - at);
    } else if (is_word(sql[at])) {
      while (end < sql.size() && is_word(sql[end])) ++end;
      const std::string word = sql.substr(at, end - at);
      const bool is_call =
          sql.find_first_not_of(' ', end) != std::string::npos && sql[sql.find_first_not_of(' ', end)] == '(';
      result += is_column(word) && !is_call ? std::string(1, side) + ".\"" + word + "\"" : word;
    } else {
      result += sql[at];
    }
    at = end;
  }
  return result;
}

}  // namespace

Result<std::string> block_on_sql(const std::vector<std::string>& keys) {
  if (keys.empty()) return Status::Invalid("block_on needs at least one column or expression");
  std::string sql;
  for (const std::string& key : keys) {
    ARROW_ASSIGN_OR_RAISE(const Expression expression, Expression::parse(key));
    const std::vector<ColumnReference> columns = expression.columns();
    if (columns.empty()) return Status::Invalid("block_on: '", key, "' reads no column, so it would block everything");
    const std::string equality = with_side(key, columns, 'l') + " = " + with_side(key, columns, 'r');
    sql += keys.size() == 1 ? equality : (sql.empty() ? "(" : " AND (") + equality + ")";
  }
  return sql;
}

}  // namespace linkwright
