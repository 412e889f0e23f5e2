#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "base/status.h"
#include "column/pair_tile.h"
#include "column/record_table.h"
#include "expr/arrow_values.h"
#include "expr/evaluator.h"

namespace linkwright {

/// A condition on a pair of records, asked pair by pair: what a blocking rule says beyond its equalities. One a thread.
class PairCondition {
 public:
  static Result<PairCondition> make(const Expression& condition, const RecordTable& records,
                                    const EvaluationOptions& options);

  /// True only where SQL says true; null is not.
  Result<bool> holds(RowPair pair);

 private:
  explicit PairCondition(Evaluator evaluator) : evaluator_(std::move(evaluator)) {}

  struct Input {
    const EncodedColumn* column;
    Side side;
  };

  Evaluator evaluator_;
  std::vector<Input> inputs_;
  std::vector<ArrayValues> dictionaries_;
  std::vector<Value> values_;
  std::unique_ptr<Evaluator::Scratch> scratch_ = std::make_unique<Evaluator::Scratch>();
};

}  // namespace linkwright
