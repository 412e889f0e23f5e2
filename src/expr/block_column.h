#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "expr/truth.h"
#include "expr/value.h"

namespace linkwright {

/// The most records (or pairs) of a block, so that a program's columns stay in the first-level cache.
inline constexpr size_t kBlockSize = 256;

/// A value of one kind for every record of a block, borrowed. Only what the kind needs is there.
struct BlockColumn {
  ValueKind kind = ValueKind::kNull;
  const Truth* truths = nullptr;      // kBoolean, null among them
  const int64_t* integers = nullptr;  // kInteger, kDate, kTimestamp
  const double* numbers = nullptr;    // kDouble
  const Value* values = nullptr;      // kText, kList, kNull
  const uint8_t* nulls = nullptr;     // of integers and numbers: 1 where null; nullptr where none is

  bool is_null(size_t k) const {
    if (truths != nullptr) return truths[k] == kNullTruth;
    if (values != nullptr) return values[k].is_null();
    return nulls != nullptr && nulls[k] != 0;
  }
  Value at(size_t k) const;
};

/// Memory for a column of kBlockSize values of one kind.
class BlockBuffer {
 public:
  explicit BlockBuffer(ValueKind kind);

  Truth* truths() { return truths_.get(); }
  int64_t* integers() { return integers_.get(); }
  double* numbers() { return numbers_.get(); }
  Value* values() { return values_.get(); }
  uint8_t* nulls() { return nulls_.get(); }

  /// Any kind; `value` is null or of the buffer's kind.
  void set(size_t k, const Value& value);

  BlockColumn column(bool has_nulls) const;

 private:
  ValueKind kind_;
  std::unique_ptr<Truth[]> truths_;
  std::unique_ptr<int64_t[]> integers_;
  std::unique_ptr<double[]> numbers_;
  std::unique_ptr<Value[]> values_;
  std::unique_ptr<uint8_t[]> nulls_;
};

/// A function over whole columns; the counterpart of ScalarFunction, and equal to it value by value. A strict function
/// may compute anything where an argument is null, and sets failed[k] = 1 where the scalar one fails. One that takes
/// nulls has to fill `result`'s nulls as well.
struct BlockCall {
  std::span<const BlockColumn> arguments;
  size_t size;
  BlockBuffer* result;
  uint8_t* failed;
};
using BlockFunction = std::function<void(const BlockCall& call)>;

}  // namespace linkwright
