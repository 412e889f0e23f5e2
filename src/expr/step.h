#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "expr/arena.h"
#include "expr/block_column.h"
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

class BlockBuilder;

/// One step of a program: computes a value from the frame. Immutable and shared by threads.
class Step {
 public:
  Step() = default;
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;
  virtual ~Step() = default;
  virtual Value run(Frame& frame) const = 0;

  /// Adds the nodes that do the same for whole blocks; returns that of the result.
  virtual size_t add_to(BlockBuilder& builder) const = 0;
};

using StepPtr = std::unique_ptr<const Step>;

/// A function over values of checked types. Strict functions never see a null.
using ScalarFunction = std::function<Value(std::span<const Value> arguments, Frame& frame)>;

/// A function as steps call it. Calls with equal keys and equal arguments have equal results, so the key says all that
/// `function` was made from but its arguments.
struct StepFunction {
  ScalarFunction scalar;
  BlockFunction block;  // may be empty: blocks then call `scalar` value by value
  bool takes_nulls = false;
  std::string key;
  std::vector<ValueKind> parameters;
  ValueKind result = ValueKind::kNull;
};

StepPtr constant_step(const Value& value, ValueKind kind);
StepPtr column_step(size_t index);
StepPtr parameter_step(size_t index);

/// Applies `function` to the values of `arguments`; null when one of them is null, unless the function takes nulls.
StepPtr call_step(StepFunction function, std::vector<StepPtr> arguments, size_t position);

// Control flow: evaluates no more than it has to.
StepPtr and_step(std::vector<StepPtr> conditions);
StepPtr or_step(std::vector<StepPtr> conditions);
/// One value more than conditions; all values are of `kind`.
StepPtr case_step(std::vector<StepPtr> conditions, std::vector<StepPtr> values, ValueKind kind);
StepPtr coalesce_step(std::vector<StepPtr> values, ValueKind kind);

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
