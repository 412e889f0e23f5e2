#include <nlohmann/json.hpp>

#include "expr/expression.h"
#include "model/column_term.h"
#include "model/comparison_library.h"

namespace linkwright {
namespace {

using Json = nlohmann::ordered_json;

Result<std::string> equality(const Json& key, const std::string& where, const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(const ColumnTerm term, ColumnTerm::from_json(key, where, path));
  std::string sql = term.left_record() + " = " + term.right_record();
  const auto parsed = Expression::parse(sql);
  if (!parsed.ok()) return Status::Invalid(where, ": ", path, ": ", parsed.status().message());
  if (parsed->columns().empty()) {
    return Status::Invalid(where, ": ", path, ": '", term.text(), "' reads no column, so it would block everything");
  }
  return sql;
}

}  // namespace

Result<std::string> block_on_sql(const Json& keys, const std::string& where, const std::string& path) {
  if (!keys.is_array()) return equality(keys, where, path);
  if (keys.empty()) return Status::Invalid(where, ": ", path, ": expected at least one column or expression");
  if (keys.size() == 1) return equality(keys[0], where, path + "[0]");
  std::string sql;
  for (size_t i = 0; i < keys.size(); ++i) {
    ARROW_ASSIGN_OR_RAISE(const std::string part, equality(keys[i], where, path + "[" + std::to_string(i) + "]"));
    sql += (sql.empty() ? "(" : " AND (") + part + ")";
  }
  return sql;
}

}  // namespace linkwright
