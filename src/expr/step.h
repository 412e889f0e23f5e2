#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "expr/arena.h"
#include "expr/value.h"

namespace linkwright {

/// What one evaluation works on: the record's values, the parameters of the lambdas it is inside of, memory for
/// results, and the first error. After an error the steps go on with nulls, and the caller drops the result.
class Frame {
 public:
  Frame(std::span<const Value> columns, std::span<Value> parameters, Arena& arena)
      : columns_(columns), parameters_(parameters), arena_(arena) {}

  const Value& column(size_t index) const { return columns_[index]; }
  Value& parameter(size_t index) { return parameters_[index]; }
  Arena& arena() { return arena_; }

  Value text(std::string_view value) { return Value::of_text(arena_.copy(value)); }

  /// Keeps `message` as the error unless there is one; null, for `return frame.fail(...)`.
  Value fail(std::string message);
  bool failed() const { return error_.has_value(); }
  const std::string& error() const { return *error_; }

  /// The place in the SQL text of the step that failed: set by the innermost call.
  void locate(size_t position) {
    if (!error_position_) error_position_ = position;
  }
  size_t error_position() const { return error_position_.value_or(0); }

  /// Counts one round of a loop over list elements; false (with an error) when an evaluation has had too many, as
  /// nested lambdas over the same list can need forever.
  bool count_element();

 private:
  std::span<const Value> columns_;
  std::span<Value> parameters_;
  Arena& arena_;
  std::optional<std::string> error_;
  std::optional<size_t> error_position_;
  size_t elements_ = 0;
};

/// One step of a program: computes a value from the frame. Immutable and shared by threads.
class Step {
 public:
  Step() = default;
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;
  virtual ~Step() = default;
  virtual Value run(Frame& frame) const = 0;
};

using StepPtr = std::unique_ptr<const Step>;

/// A function over values of checked types. Strict functions never see a null.
using ScalarFunction = std::function<Value(std::span<const Value> arguments, Frame& frame)>;

StepPtr constant_step(const Value& value);
StepPtr column_step(size_t index);
StepPtr parameter_step(size_t index);

/// Applies `function` to the values of `arguments`; null when one of them is null, unless the function takes nulls.
StepPtr call_step(ScalarFunction function, std::vector<StepPtr> arguments, bool takes_nulls, size_t position);

// Control flow: evaluates no more than it has to.
StepPtr and_step(std::vector<StepPtr> conditions);
StepPtr or_step(std::vector<StepPtr> conditions);
StepPtr case_step(std::vector<StepPtr> conditions, std::vector<StepPtr> values);  // one value more than conditions
StepPtr coalesce_step(std::vector<StepPtr> values);

/// `operand` IN a list of constants. `sorted` is in the order of order_of and has no null; `has_null`: the list has
/// one.
StepPtr in_constants_step(StepPtr operand, std::vector<Value> sorted, bool has_null);

/// For each element of `list`: sets the parameter(s) and runs `body`. `index_parameter` gets the 1-based position.
struct LambdaStep {
  StepPtr list;
  StepPtr body;
  size_t element_parameter;
  std::optional<size_t> index_parameter;
};
StepPtr list_transform_step(LambdaStep lambda);
StepPtr list_filter_step(LambdaStep lambda);

}  // namespace linkwright
