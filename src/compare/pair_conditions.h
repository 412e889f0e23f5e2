#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/status.h"
#include "column/record_table.h"
#include "compare/base_column.h"
#include "compare/kernel_parts.h"
#include "compare/one_sided_parts.h"
#include "compare/pair_inputs.h"
#include "expr/block_evaluator.h"
#include "expr/evaluator.h"
#include "expr/truth.h"

namespace linkwright {

/// SQL conditions over the two records of a pair, by the codes of a left and a right base column: all those of a
/// comparator, evaluated together for blocks of pairs, so that a distance is computed once for all its thresholds. What
/// they compute of one column of one record alone, such as sin(radians(l.latitude)), is computed once for each value of
/// that column; what a PairKernel has a faster way for goes there. Immutable; thread-safe, with one `Reader` a thread.
class PairConditions {
 public:
  /// `left` and `right` hold all columns that the conditions read of that side. Errors: type errors.
  static Result<PairConditions> make(std::span<const Expression> conditions, const BaseColumn& left,
                                     const BaseColumn& right, const RecordTable& records,
                                     const EvaluationOptions& options);

  const PairInputs& right_inputs() const { return right_; }

  class Reader {
   public:
    /// Borrows the conditions.
    static Result<Reader> make(const PairConditions& conditions);

    /// Evaluates up to kBlockSize pairs of codes. Errors are those SQL itself raises.
    Status evaluate(std::span<const uint32_t> lefts, std::span<const uint32_t> rights);

    /// One left code with some of the right codes that `inputs` has loaded, from `begin` on.
    Status evaluate_row(uint32_t left, std::span<const uint32_t> rights, const PairInputs::Columns& inputs,
                        size_t begin);

    /// Of the last pairs.
    const Truth* truths(size_t condition) const;

   private:
    // One condition for one pair, value by value.
    struct Exact {
      std::vector<Value> left;
      std::vector<Value> right;
      std::vector<Value> arguments;
      Evaluator::Scratch scratch;
    };

    // What a kernel computes of a block.
    struct KernelColumn {
      BlockBuffer buffer;
      PairKernel::Scratch scratch;
    };

    Reader(const PairConditions& conditions, PairInputs::Columns left, PairInputs::Columns right);
    void evaluate_block(std::span<const uint32_t> lefts, std::span<const uint32_t> rights,
                        const PairInputs::Columns& inputs, size_t begin);
    void run_kernels(std::span<const uint32_t> lefts, std::span<const uint32_t> rights);
    Status settle_failures(std::span<const uint32_t> lefts, std::span<const uint32_t> rights);
    Result<Truth> evaluate_exactly(size_t condition, uint32_t left, uint32_t right);

    const PairConditions* conditions_;
    PairInputs::Columns left_;
    PairInputs::Columns right_;
    BlockEvaluator::Workspace workspace_;
    std::vector<KernelColumn> kernels_;
    std::vector<BlockColumn> columns_;
    std::vector<std::vector<Truth>> settled_;  // of each condition, where a block had failures
    std::optional<BaseColumnValues> left_values_;
    std::optional<BaseColumnValues> right_values_;
    Exact exact_;
  };

 private:
  // A column that the block evaluator wants.
  struct Argument {
    enum class From : uint8_t { kLeft, kRight, kKernel };
    From from;
    size_t place;  // among the inputs of a side, or the kernels
  };
  struct Kernel {
    std::shared_ptr<const PairKernel> kernel;
    std::vector<uint32_t> left_codes;  // value codes by base code; empty: the identity
    std::vector<uint32_t> right_codes;
  };
  // The condition as it was written, for pairs that a block failed on.
  struct ExactCondition {
    Evaluator evaluator;
    std::vector<Argument> arguments;  // of each column; `place` is a member of the base column
  };

  Status take_inputs(const OneSidedParts& one_sided, const KernelParts& kernels);

  PairConditions(BlockEvaluator evaluator, const BaseColumn& left, const BaseColumn& right)
      : evaluator_(std::move(evaluator)), left_base_(&left), right_base_(&right) {}

  BlockEvaluator evaluator_;
  const BaseColumn* left_base_;
  const BaseColumn* right_base_;
  PairInputs left_;
  PairInputs right_;
  std::vector<Kernel> kernels_;
  std::vector<Argument> arguments_;
  std::vector<ExactCondition> exact_;
};

}  // namespace linkwright
