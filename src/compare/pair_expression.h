#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/status.h"
#include "column/record_table.h"
#include "compare/base_column.h"
#include "expr/arrow_values.h"
#include "expr/evaluator.h"

namespace linkwright {

/// SQL over the two records of a pair, by the codes of a left and a right base column. What it computes of one column
/// of one record alone, such as sin(radians(l.latitude)), is computed once for each value of that column. Immutable;
/// thread-safe, with one `Reader` a thread.
class PairExpression {
 public:
  /// `left` and `right` hold all columns that the expression reads of that side; null where it reads none. Errors: type
  /// errors.
  static Result<PairExpression> make(const Expression& expression, const BaseColumn* left, const BaseColumn* right,
                                     const RecordTable& records, const EvaluationOptions& options);

  class Reader {
   public:
    /// Borrows the expression.
    static Result<Reader> make(const PairExpression& expression);

    /// Text and lists stay valid until the next call. Errors are those SQL itself raises.
    Result<Value> evaluate(uint32_t left_code, uint32_t right_code);

   private:
    const PairExpression* expression_ = nullptr;
    std::vector<ArrayValues> values_;  // of each argument
    std::vector<Value> arguments_;
    Evaluator::Scratch scratch_;
  };

 private:
  // What the evaluator wants of a pair: the value of a column, or what was computed from it.
  struct Argument {
    const BaseColumn* base;
    bool is_left;
    size_t member;  // of `base`
    std::shared_ptr<arrow::Array> values;
    std::vector<uint32_t> code_of;  // by the member's codes; empty: the identity

    uint32_t code(uint32_t base_code) const;
  };

  explicit PairExpression(Evaluator evaluator) : evaluator_(std::move(evaluator)) {}

  Evaluator evaluator_;
  std::vector<Argument> arguments_;
};

}  // namespace linkwright
