#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "column/record_table.h"
#include "compare/pair_kernel.h"
#include "expr/evaluator.h"
#include "expr/expression.h"

namespace linkwright {

/// Takes the calls out of expressions that a PairKernel computes, and puts columns of made-up names, on neither side,
/// in their places.
class KernelParts {
 public:
  KernelParts(const RecordTable& records, const EvaluationOptions& options) : records_(records), options_(options) {}

  /// What a kernel reads of one record.
  struct Operand {
    std::string column;
    std::vector<uint32_t> code_of;  // value codes by the column's; empty: the identity
  };
  struct Part {
    std::shared_ptr<const PairKernel> kernel;
    Operand left;
    Operand right;
  };

  Result<Expression> take_out(const Expression& expression);

  /// The part with this name; null for other columns.
  const Part* find(const ColumnReference& column) const;

 private:
  struct Call;
  Result<std::shared_ptr<const PairKernel>> make_kernel(const Call& call, Operand* left, Operand* right) const;

  const RecordTable& records_;
  const EvaluationOptions& options_;
  std::map<std::string, Part> parts_;  // by name: the SQL
};

}  // namespace linkwright
