#pragma once

#include <cstdint>
#include <span>

namespace linkwright {

/// Row numbers of a candidate pair; left is the record with the smaller id.
struct RowPair {
  uint32_t left;
  uint32_t right;

  bool operator==(const RowPair&) const = default;
};

/// A rectangle of candidate pairs: every left row with every right row. In a diagonal tile both spans are the same
/// rows, ascending, and the pairs are those above the diagonal (left place < right place).
struct PairTile {
  std::span<const uint32_t> left_rows;
  std::span<const uint32_t> right_rows;
  bool diagonal = false;

  uint64_t num_pairs() const {
    const uint64_t left = left_rows.size();
    return diagonal ? left * (left - (left > 0)) / 2 : left * right_rows.size();
  }
};

}  // namespace linkwright
