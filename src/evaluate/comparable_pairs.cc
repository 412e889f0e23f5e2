#include "evaluate/comparable_pairs.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace linkwright {
namespace {

uint64_t pairs_of(uint64_t size) { return size < 2 ? 0 : size * (size - 1) / 2; }

/// Sorts its argument.
template <typename Key>
uint64_t pairs_of_equal_keys(std::vector<Key>& keys) {
  std::sort(keys.begin(), keys.end());
  uint64_t pairs = 0;
  for (size_t begin = 0; begin < keys.size();) {
    size_t end = begin + 1;
    while (end < keys.size() && keys[end] == keys[begin]) ++end;
    pairs += pairs_of(end - begin);
    begin = end;
  }
  return pairs;
}

}  // namespace

uint64_t ComparablePairs::count_within(std::span<const uint64_t> group_of_row) const {
  std::vector<uint64_t> groups(group_of_row.begin(), group_of_row.end());
  const uint64_t pairs = pairs_of_equal_keys(groups);
  if (!only_across_datasets) return pairs;
  assert(dataset_of_row.size() == group_of_row.size());
  std::vector<std::pair<uint64_t, uint32_t>> groups_and_datasets;
  groups_and_datasets.reserve(group_of_row.size());
  for (size_t row = 0; row < group_of_row.size(); ++row) {
    groups_and_datasets.emplace_back(group_of_row[row], dataset_of_row[row]);
  }
  return pairs - pairs_of_equal_keys(groups_and_datasets);
}

uint64_t ComparablePairs::count(uint64_t num_rows) const {
  if (!only_across_datasets) return pairs_of(num_rows);
  std::vector<uint32_t> datasets(dataset_of_row.begin(), dataset_of_row.end());
  return pairs_of(num_rows) - pairs_of_equal_keys(datasets);
}

uint64_t ComparablePairs::count_with_equal_label(std::span<const uint32_t> label_of_row) const {
  ComparablePairs labelled{only_across_datasets, {}};
  std::vector<uint64_t> labels;
  std::vector<uint32_t> datasets;
  for (size_t row = 0; row < label_of_row.size(); ++row) {
    if (label_of_row[row] == 0) continue;
    labels.push_back(label_of_row[row]);
    if (only_across_datasets) datasets.push_back(dataset_of_row[row]);
  }
  labelled.dataset_of_row = datasets;
  return labelled.count_within(labels);
}

}  // namespace linkwright
