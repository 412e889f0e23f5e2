#include "cluster/cluster_members.h"

#include <algorithm>

namespace linkwright {

ClusterMembers::ClusterMembers(std::span<const uint32_t> dataset_of_row, const std::vector<bool>& is_duplicate_free)
    : dataset_of_row_(dataset_of_row),
      flag_of_dataset_(is_duplicate_free.size(), kNoRow),
      representative_(dataset_of_row.size()),
      first_(dataset_of_row.size()),
      next_(dataset_of_row.size(), kNoRow),
      previous_(dataset_of_row.size(), kNoRow) {
  uint32_t num_flags = 0;
  for (size_t dataset = 0; dataset < is_duplicate_free.size(); ++dataset) {
    if (is_duplicate_free[dataset]) flag_of_dataset_[dataset] = num_flags++;
  }
  words_ = (num_flags + 63) / 64;
  flags_.resize(dataset_of_row.size() * words_);
  for (uint32_t row = 0; row < representative_.size(); ++row) {
    representative_[row] = first_[row] = row;
    set_flag(row, row);
  }
}

ClusterMembers::Change ClusterMembers::move(uint32_t row, uint32_t to) {
  const uint32_t from = representative_[row];
  (previous_[row] == kNoRow ? first_[from] : next_[previous_[row]]) = next_[row];
  if (next_[row] != kNoRow) previous_[next_[row]] = previous_[row];
  representative_[row] = to;
  previous_[row] = kNoRow;
  next_[row] = first_[to];
  if (next_[row] != kNoRow) previous_[next_[row]] = row;
  first_[to] = row;

  const uint32_t flag = flag_of(row);
  if (flag == kNoRow) return {};
  // A cluster may hold a duplicate-free dataset twice: rows move alone, and may be left behind by what they came for.
  std::fill_n(flags_.begin() + static_cast<ptrdiff_t>(from * words_), words_, 0);
  for_each_member(from, [&](uint32_t member) { set_flag(from, member); });
  const Change change{.has_taken = !has_flag(from, flag), .has_given = !has_flag(to, flag)};
  set_flag(to, row);
  return change;
}

void ClusterMembers::set_flag(uint32_t cluster, uint32_t row) {
  const uint32_t flag = flag_of(row);
  if (flag != kNoRow) flags_[cluster * words_ + flag / 64] |= uint64_t{1} << (flag % 64);
}

}  // namespace linkwright
