#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace linkwright {

/// Row numbers of a candidate pair; left is the record with the smaller id.
struct RowPair {
  uint32_t left;
  uint32_t right;

  bool operator==(const RowPair&) const = default;
};

/// A rectangle of candidate pairs: every left row with every right row behind it; both ascend. In a diagonal tile both
/// spans are the same rows, so that the pairs are those above the diagonal (left place < right place).
struct PairTile {
  std::span<const uint32_t> left_rows;
  std::span<const uint32_t> right_rows;
  bool diagonal = false;
  bool ordered = true;          // all right rows are behind all left rows, or the tile is diagonal
  bool across_sources = false;  // no two rows of one dataset meet

  /// The first right rows of the tile to come, to be asked for ahead of time.
  std::span<const uint32_t> next_rows = {};

  /// The first right place that the left place `i` has pairs with.
  size_t first_right(size_t i) const {
    if (diagonal) return i + 1;
    if (ordered) return 0;
    return static_cast<size_t>(std::upper_bound(right_rows.begin(), right_rows.end(), left_rows[i]) -
                               right_rows.begin());
  }

  /// Pairs of places; with `ordered` or `diagonal` all of them are pairs.
  uint64_t num_pairs() const {
    const uint64_t left = left_rows.size();
    return diagonal ? left * (left - (left > 0)) / 2 : left * right_rows.size();
  }
};

}  // namespace linkwright
