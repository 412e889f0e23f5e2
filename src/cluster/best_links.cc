#include "cluster/best_links.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "cluster/neighbour_lists.h"

namespace linkwright {
namespace {

constexpr uint32_t kNoRow = std::numeric_limits<uint32_t>::max();
constexpr Neighbour kNoNeighbour{-std::numeric_limits<double>::infinity(), kNoRow};

/// The clusters while they change: a list of members each, and which duplicate-free datasets they hold.
class ClusterMembers {
 public:
  ClusterMembers(std::span<const uint32_t> dataset_of_row, const std::vector<bool>& is_duplicate_free)
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
      refresh_flags(row);
    }
  }

  uint32_t cluster_of(uint32_t row) const { return representative_[row]; }

  template <typename Visit>
  void for_each_member(uint32_t cluster, Visit visit) const {
    for (uint32_t row = first_[cluster]; row != kNoRow; row = next_[row]) visit(row);
  }

  bool share_a_duplicate_free_dataset(uint32_t one, uint32_t other) const {
    for (size_t word = 0; word < words_; ++word) {
      if ((flags_[one * words_ + word] & flags_[other * words_ + word]) != 0) return true;
    }
    return false;
  }

  void move(uint32_t row, uint32_t to) {
    const uint32_t from = representative_[row];
    (previous_[row] == kNoRow ? first_[from] : next_[previous_[row]]) = next_[row];
    if (next_[row] != kNoRow) previous_[next_[row]] = previous_[row];
    representative_[row] = to;
    previous_[row] = kNoRow;
    next_[row] = first_[to];
    if (next_[row] != kNoRow) previous_[next_[row]] = row;
    first_[to] = row;
    refresh_flags(from);
    set_flag(to, row);
  }

  std::vector<uint32_t> take_representatives() && { return std::move(representative_); }

 private:
  void refresh_flags(uint32_t cluster) {
    std::fill_n(flags_.begin() + static_cast<ptrdiff_t>(cluster * words_), words_, 0);
    for_each_member(cluster, [&](uint32_t row) { set_flag(cluster, row); });
  }

  void set_flag(uint32_t cluster, uint32_t row) {
    const uint32_t flag = flag_of_dataset_[dataset_of_row_[row]];
    if (flag != kNoRow) flags_[cluster * words_ + flag / 64] |= uint64_t{1} << (flag % 64);
  }

  std::span<const uint32_t> dataset_of_row_;
  std::vector<uint32_t> flag_of_dataset_;  // kNoRow: duplicates are allowed
  std::vector<uint32_t> representative_;
  std::vector<uint32_t> first_, next_, previous_;  // members of a cluster as a list
  size_t words_ = 0;
  std::vector<uint64_t> flags_;  // words_ a cluster
};

/// Rounds of mutual best links. Only clusters whose best link can have changed are looked at again ("stale"): a cluster
/// that won or lost a record, and its neighbours.
class BestLinkRounds {
 public:
  BestLinkRounds(const NeighbourLists& neighbours, ClusterMembers& clusters, uint32_t num_rows)
      : neighbours_(neighbours), clusters_(clusters), best_(num_rows, kNoNeighbour), is_stale_(num_rows) {
    for (uint32_t cluster = 0; cluster < num_rows; ++cluster) mark_stale(cluster);
  }

  Status run(const Cancellation* cancellation) {
    while (!stale_.empty()) {
      if (cancellation != nullptr) ARROW_RETURN_NOT_OK(cancellation->check());
      for (const uint32_t cluster : stale_) best_[cluster] = find_best(cluster);
      collect_moves();
      for (const uint32_t cluster : stale_) is_stale_[cluster] = false;
      stale_.clear();
      apply_moves();
    }
    return Status::OK();
  }

 private:
  struct Move {
    uint32_t row;
    uint32_t to;
  };

  Neighbour find_best(uint32_t cluster) const {
    Neighbour best = kNoNeighbour;
    clusters_.for_each_member(cluster, [&](uint32_t member) {
      for (const Neighbour& neighbour : neighbours_.of(member)) {
        if (!is_better(neighbour, best)) break;
        const uint32_t other = clusters_.cluster_of(neighbour.row);
        if (other == cluster || clusters_.share_a_duplicate_free_dataset(cluster, other)) continue;
        best = neighbour;
        break;
      }
    });
    return best;
  }

  void collect_moves() {
    moves_.clear();
    for (const uint32_t cluster : stale_) {
      const Neighbour& there = best_[cluster];
      if (there.row == kNoRow) continue;
      const uint32_t other = clusters_.cluster_of(there.row);
      const Neighbour& back = best_[other];
      // Each cluster's best may start from different members; the link is made only if it is one and the same edge.
      if (back.match_probability != there.match_probability || clusters_.cluster_of(back.row) != cluster) continue;
      if (!neighbours_.contains(back.row, there)) continue;
      if (is_stale_[other] && other < cluster) continue;  // taken when `other` was looked at
      moves_.push_back(cluster < other ? Move{there.row, cluster} : Move{back.row, other});
    }
  }

  void apply_moves() {
    changed_.clear();
    for (const Move& move : moves_) {
      changed_.push_back(clusters_.cluster_of(move.row));
      changed_.push_back(move.to);
      clusters_.move(move.row, move.to);
    }
    for (const uint32_t cluster : changed_) {
      mark_stale(cluster);
      clusters_.for_each_member(cluster, [&](uint32_t member) {
        for (const Neighbour& neighbour : neighbours_.of(member)) mark_stale(clusters_.cluster_of(neighbour.row));
      });
    }
  }

  void mark_stale(uint32_t cluster) {
    if (is_stale_[cluster]) return;
    is_stale_[cluster] = true;
    stale_.push_back(cluster);
  }

  const NeighbourLists& neighbours_;
  ClusterMembers& clusters_;
  std::vector<Neighbour> best_;  // of each cluster; exact unless stale
  std::vector<bool> is_stale_;
  std::vector<uint32_t> stale_;
  std::vector<Move> moves_;
  std::vector<uint32_t> changed_;
};

Status check_datasets(std::span<const uint32_t> dataset_of_row, const std::vector<bool>& is_duplicate_free) {
  if (dataset_of_row.size() > kNoRow) {
    return Status::Invalid("best-link clustering takes at most 4294967295 records, not ", dataset_of_row.size());
  }
  if (std::find(is_duplicate_free.begin(), is_duplicate_free.end(), true) == is_duplicate_free.end()) {
    return Status::Invalid(
        "best-link clustering needs at least one duplicate-free dataset; name the source datasets in "
        "\"duplicate_free_datasets\", or cluster by connected components");
  }
  for (size_t row = 0; row < dataset_of_row.size(); ++row) {
    if (dataset_of_row[row] >= is_duplicate_free.size()) {
      return Status::IndexError("row ", row, " is of source dataset ", dataset_of_row[row], ", but only ",
                                is_duplicate_free.size(), " datasets are known");
    }
  }
  return Status::OK();
}

}  // namespace

Result<std::vector<uint32_t>> cluster_by_best_links(std::span<const ScoredEdge> edges,
                                                    std::span<const uint32_t> dataset_of_row,
                                                    const std::vector<bool>& is_duplicate_free,
                                                    const BestLinksOptions& options) {
  ARROW_RETURN_NOT_OK(check_datasets(dataset_of_row, is_duplicate_free));
  const auto num_rows = static_cast<uint32_t>(dataset_of_row.size());
  ARROW_ASSIGN_OR_RAISE(NeighbourLists neighbours, NeighbourLists::make(edges, num_rows));
  if (options.cancellation != nullptr) ARROW_RETURN_NOT_OK(options.cancellation->check());
  if (options.ties == LinkTies::kDrop) neighbours.drop_ties(dataset_of_row, is_duplicate_free);
  ClusterMembers clusters(dataset_of_row, is_duplicate_free);
  ARROW_RETURN_NOT_OK(BestLinkRounds(neighbours, clusters, num_rows).run(options.cancellation));
  return std::move(clusters).take_representatives();
}

}  // namespace linkwright
