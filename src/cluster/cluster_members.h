#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace linkwright {

inline constexpr uint32_t kNoRow = std::numeric_limits<uint32_t>::max();

/// Clusters while they change: the members of each as a list, and which duplicate-free datasets it holds. A cluster is
/// named by a row, and starts with that row alone. Not thread-safe.
class ClusterMembers {
 public:
  /// The arguments of `cluster_by_best_links`.
  ClusterMembers(std::span<const uint32_t> dataset_of_row, const std::vector<bool>& is_duplicate_free);

  uint32_t size() const { return static_cast<uint32_t>(representative_.size()); }
  uint32_t cluster_of(uint32_t row) const { return representative_[row]; }
  bool is_empty(uint32_t cluster) const { return first_[cluster] == kNoRow; }

  template <typename Visit>
  void for_each_member(uint32_t cluster, Visit visit) const {
    for (uint32_t row = first_[cluster]; row != kNoRow; row = next_[row]) visit(row);
  }

  /// Whether a link between two clusters may be: they are two, and no duplicate-free dataset is in both.
  bool may_link(uint32_t one, uint32_t other) const {
    if (one == other) return false;
    for (size_t word = 0; word < words_; ++word) {
      if ((flags_[one * words_ + word] & flags_[other * words_ + word]) != 0) return false;
    }
    return true;
  }

  /// What a move has done to the duplicate-free datasets that clusters hold.
  struct Change {
    bool has_taken = false;  // from the cluster that the row has left
    bool has_given = false;  // to the one that it has joined
  };
  Change move(uint32_t row, uint32_t to);

  std::vector<uint32_t> take_representatives() && { return std::move(representative_); }

 private:
  uint32_t flag_of(uint32_t row) const { return flag_of_dataset_[dataset_of_row_[row]]; }
  bool has_flag(uint32_t cluster, uint32_t flag) const {
    return (flags_[cluster * words_ + flag / 64] >> (flag % 64) & 1) != 0;
  }
  void set_flag(uint32_t cluster, uint32_t row);

  std::span<const uint32_t> dataset_of_row_;
  std::vector<uint32_t> flag_of_dataset_;  // kNoRow: duplicates are allowed
  std::vector<uint32_t> representative_;
  std::vector<uint32_t> first_, next_, previous_;
  size_t words_ = 0;
  std::vector<uint64_t> flags_;  // words_ a cluster
};

}  // namespace linkwright
