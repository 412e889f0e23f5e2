#pragma once

#include <map>
#include <optional>
#include <string>

#include "column/record_table.h"
#include "expr/evaluator.h"
#include "expr/expression.h"

namespace linkwright {

/// Takes the parts out of expressions that read one column of one record, computes them for every value of the column,
/// and puts columns of made-up names in their places.
class OneSidedParts {
 public:
  OneSidedParts(const RecordTable& records, const EvaluationOptions& options) : records_(records), options_(options) {}

  struct Part {
    std::string column;
    DerivedCodes derived;
  };

  Expression take_out(const Expression& expression);

  /// The part with this name; null for columns of the records.
  const Part* find(const std::string& name) const;

 private:
  std::optional<Expression> precompute(const Expression& expression, const ColumnReference& column);

  const RecordTable& records_;
  const EvaluationOptions& options_;
  std::map<std::string, Part> parts_;  // by name: the SQL
};

}  // namespace linkwright
