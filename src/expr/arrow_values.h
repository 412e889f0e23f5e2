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

/// The SQL type an Arrow column has: all integers are kInteger (uint64 above 2^63-1 is an error when met), floats and
/// decimals kDouble, all strings and their dictionaries kText. NotImplemented, naming the type, for others.
Result<ValueType> value_type(const arrow::DataType& type);

/// The Arrow type that values of `type` are written as (int64, float64, utf8, date32, timestamp[us], list, bool).
Result<std::shared_ptr<arrow::DataType>> arrow_type(const ValueType& type);

/// Random access to an Arrow array as values. Borrows the array. Lists are built in a buffer of the reader and are
/// valid until the next `at`; not thread-safe for that reason.
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

  Status append(const Value& value);
  Result<std::shared_ptr<arrow::Array>> finish();

 private:
  struct State;
  explicit ValueArrayBuilder(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace linkwright
