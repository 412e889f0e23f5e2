#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace linkwright {

/// Which pairs of records are under evaluation: all of them, or (link_only) those across datasets.
struct ComparablePairs {
  bool only_across_datasets = false;
  std::span<const uint32_t> dataset_of_row;  // needed when only_across_datasets

  /// Pairs of the rows that have the same group, counted without enumerating them: sum of n (n - 1) / 2, less the pairs
  /// within a dataset. At most 2^32 rows, so at most 2^63 pairs: no count overflows. O(n log n) time, 8 bytes a row.
  uint64_t count_within(std::span<const uint64_t> group_of_row) const;

  /// All comparable pairs of `num_rows` rows (with datasets: their number must be that of dataset_of_row).
  uint64_t count(uint64_t num_rows) const;

  /// Pairs of equal label; rows of label 0 (no label) are in none.
  uint64_t count_with_equal_label(std::span<const uint32_t> label_of_row) const;

  bool contains(uint32_t left, uint32_t right) const {
    return left != right && (!only_across_datasets || dataset_of_row[left] != dataset_of_row[right]);
  }
};

}  // namespace linkwright
