#pragma once

#include <cstdint>
#include <memory>

#include "base/status.h"
#include "expr/value.h"

namespace arrow {
class Array;
class DataType;
}  // namespace arrow

namespace linkwright {

/// The SQL type an Arrow column has: all integers and decimals without a scale are kInteger, floats and other decimals
/// kDouble (float32 in single precision), all strings and their dictionaries kText, all dates kDate, all timestamps
/// kTimestamp (zones are dropped: the moment in UTC), lists of these kList. NotImplemented, naming the type, for
/// others.
Result<ValueType> value_type(const arrow::DataType& type);

/// The Arrow type that values of `type` are written as (int64, float64, utf8, date32, timestamp[us], list, bool).
Result<std::shared_ptr<arrow::DataType>> arrow_type(const ValueType& type);

/// Random access to an Arrow array as values. Keeps the array alive; texts point into it, and lists are built in a
/// buffer that is valid until the next `at`. An integer that 64 bits do not hold is null. Not thread-safe because of
/// the buffer.
class ArrayValues {
 public:
  static Result<ArrayValues> make(std::shared_ptr<arrow::Array> array);
  ArrayValues(ArrayValues&&) noexcept;
  ArrayValues& operator=(ArrayValues&&) noexcept;
  ~ArrayValues();

  const ValueType& type() const;
  int64_t length() const;
  Value at(int64_t row);

 private:
  struct State;
  explicit ArrayValues(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Collects values of one type into an Arrow array.
class ValueArrayBuilder {
 public:
  static Result<ValueArrayBuilder> make(const ValueType& type);
  ValueArrayBuilder(ValueArrayBuilder&&) noexcept;
  ~ValueArrayBuilder();

  /// Null for null; otherwise `value` has the builder's type.
  Status append(const Value& value);
  Result<std::shared_ptr<arrow::Array>> finish();

 private:
  struct State;
  explicit ValueArrayBuilder(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace linkwright
