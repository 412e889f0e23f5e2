#pragma once

#include <arrow/type_fwd.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "expr/evaluator.h"
#include "expr/expression.h"
#include "expr/value.h"

namespace linkwright::spark {

/// The columns of records in Spark, and what the SQL of a job over them is in Spark's dialect.
///
/// A job's SQL is DuckDB's: it is checked against the columns' types as the embedded engine checks it, and translated.
/// Errors of the text itself (a column that does not exist, types that do not fit) are Invalid; what Spark has no equal
/// of is NotImplemented and names the function. Columns are found whatever the case of their names, as the embedded
/// engine finds them. Immutable but for `add`; not to be changed while others read.
class SqlColumns {
 public:
  explicit SqlColumns(const arrow::Schema& records);

  bool has(std::string_view name) const;
  /// Errors: there is no such column, with the nearest.
  Status need(std::string_view name) const;
  /// The name that a column has in the data; the same name where there is no such column.
  std::string name_in_data(std::string_view name) const;
  void add(const std::string& name, const ValueType& type);
  /// With an element in the place of each of these lists.
  SqlColumns with_elements_of(const std::vector<std::string>& lists) const;

  /// An expression over one record, and its type.
  struct Typed {
    std::string sql;
    ValueType type;
  };
  Result<Typed> of_record(std::string_view sql) const;

  /// Part of a blocking rule, over records with the aliases l and r.
  Result<std::string> of_rule(const Expression& condition) const;

  /// A level's condition, over the columns `x_l` and `x_r` of pairs. `columns` gets the names (x) that it reads, as
  /// they are in the data.
  Result<std::string> of_pair(std::string_view sql, std::vector<std::string>* columns) const;

 private:
  std::optional<size_t> find(std::string_view name) const;
  Result<ValueType> type_of(std::string_view name) const;
  Expression with_names_in_data(const Expression& expression) const;
  Result<Evaluator> check(const Expression& expression, std::string_view sql, bool is_pair) const;

  std::vector<std::string> names_;
  std::vector<Result<ValueType>> types_;  // of each; an error for types that expressions do not know
};

/// A column name in backquotes.
std::string sql_name(std::string_view name);

/// The value of a double in SQL, exactly.
std::string sql_number(double value);

}  // namespace linkwright::spark
