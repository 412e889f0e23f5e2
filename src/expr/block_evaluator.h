#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/status.h"
#include "expr/block_column.h"
#include "expr/evaluator.h"
#include "expr/expression.h"

namespace linkwright {

/// Expressions that are evaluated together for blocks of up to kBlockSize records (or pairs), column by column. Equal
/// to Evaluator, value by value, and many times as fast for arithmetic on numbers; what the expressions have in common
/// is computed once.
///
/// Immutable; one instance may be used from many threads, each with its own `Workspace`.
class BlockEvaluator {
 public:
  static Result<BlockEvaluator> compile(std::span<const Expression> expressions,
                                        const Evaluator::ColumnTypes& column_types,
                                        const EvaluationOptions& options = {});

  /// The columns that `evaluate` wants, in the order of its `columns` argument, and their kinds.
  std::span<const ColumnReference> columns() const;
  std::span<const ValueKind> column_kinds() const;

  /// Columns, and memory for what is computed. Results stay valid until the next block.
  class Workspace {
   public:
    explicit Workspace(const BlockEvaluator& evaluator);
    Workspace(Workspace&&) noexcept;
    Workspace& operator=(Workspace&&) noexcept;
    ~Workspace();

   private:
    friend class BlockEvaluator;
    struct State;
    std::unique_ptr<State> state_;
  };

  /// Evaluates `size` <= kBlockSize records. SQL evaluates no branch that it need not, but blocks do: the records in
  /// which something failed on the way have `failures(...)[k]` set, their results mean nothing, and Evaluator has to
  /// say whether there is a value or an error.
  void evaluate(std::span<const BlockColumn> columns, size_t size, Workspace* workspace) const;

  /// Of the last block: the values of an expression.
  const BlockColumn& result(size_t expression, const Workspace& workspace) const;
  /// One a record; empty where none failed.
  static std::span<const uint8_t> failures(const Workspace& workspace);

 private:
  struct Program;
  explicit BlockEvaluator(std::shared_ptr<const Program> program);
  std::shared_ptr<const Program> program_;
};

}  // namespace linkwright
