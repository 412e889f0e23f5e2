#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>

#include "base/huge_pages.h"

namespace linkwright {

/// So many numbers of every row, side by side, so that a pair of rows that lie anywhere costs two cache lines. A row
/// that fits in a line lies in one, where that takes no more than a third of memory more. On huge pages where the
/// system has them. Not initialised. Safe to read from any thread.
template <typename Number>
class RowNumbers {
 public:
  RowNumbers() = default;
  RowNumbers(size_t num_rows, size_t width) : stride_(stride_for(width)) {
    numbers_.reset(new (kAlignment) Number[num_rows * stride_]);
    prefer_huge_pages(numbers_.get(), num_rows * stride_ * sizeof(Number));
  }

  const Number* row(size_t row) const { return numbers_.get() + row * stride_; }
  Number* row(size_t row) { return numbers_.get() + row * stride_; }
  void prefetch(size_t row) const { __builtin_prefetch(this->row(row)); }

  /// Takes the rows from `begin` to `end` from numbers that lie column by column, of `width` columns.
  void take(std::span<const std::span<const Number>> columns, size_t begin, size_t end) {
    for (size_t row = begin; row < end; ++row) {
      for (size_t c = 0; c < columns.size(); ++c) this->row(row)[c] = columns[c][row];
    }
  }

  /// Numbers from the beginning of one row to that of the next.
  static constexpr size_t stride_for(size_t width) {
    size_t whole = 1;
    while (whole < width) whole *= 2;
    const bool fits_a_line = whole * sizeof(Number) <= kLineBytes;
    return fits_a_line && 3 * whole <= 4 * width ? whole : width;
  }

 private:
  static constexpr size_t kLineBytes = 64;
  static constexpr std::align_val_t kAlignment{kLineBytes};
  struct Delete {
    void operator()(Number* numbers) const { operator delete[](numbers, kAlignment); }
  };

  size_t stride_ = 0;
  std::unique_ptr<Number[], Delete> numbers_;
};

}  // namespace linkwright
