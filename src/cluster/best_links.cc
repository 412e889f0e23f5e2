#include "cluster/best_links.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "cluster/cluster_members.h"
#include "cluster/neighbour_lists.h"
#include "cluster/next_links.h"

namespace linkwright {
namespace {

constexpr Neighbour kNoNeighbour{-std::numeric_limits<double>::infinity(), kNoRow};

/// What clusters link to best, and the clusters that link to a row. Links of clusters that have not been set anew since
/// they changed are what they were. 28 bytes a row. Not thread-safe.
class BestLinks {
 public:
  explicit BestLinks(uint32_t num_rows)
      : best_(num_rows, kNoNeighbour), first_(num_rows, kNoRow), next_(num_rows), previous_(num_rows) {}

  const Neighbour& of(uint32_t cluster) const { return best_[cluster]; }

  void set(uint32_t cluster, const Neighbour& best) {
    if (const uint32_t row = best_[cluster].row; row != kNoRow) {
      (previous_[cluster] == kNoRow ? first_[row] : next_[previous_[cluster]]) = next_[cluster];
      if (next_[cluster] != kNoRow) previous_[next_[cluster]] = previous_[cluster];
    }
    best_[cluster] = best;
    if (best.row == kNoRow) return;
    previous_[cluster] = kNoRow;
    next_[cluster] = first_[best.row];
    if (next_[cluster] != kNoRow) previous_[next_[cluster]] = cluster;
    first_[best.row] = cluster;
  }

  template <typename Visit>
  void for_each_cluster_linking_to(uint32_t row, Visit visit) const {
    for (uint32_t cluster = first_[row]; cluster != kNoRow; cluster = next_[cluster]) visit(cluster);
  }

 private:
  std::vector<Neighbour> best_;
  std::vector<uint32_t> first_, next_, previous_;  // of each row, the clusters that link to it as a list
};

/// Rounds of mutual best links. Only clusters that changed or whose best link has changed are looked at in a round
/// ("stale"): a new mutual link is one of such a cluster.
class BestLinkRounds {
 public:
  BestLinkRounds(const NeighbourLists& neighbours, ClusterMembers& clusters)
      : neighbours_(neighbours),
        clusters_(clusters),
        next_(neighbours, clusters),
        best_(clusters.size()),
        is_stale_(clusters.size()) {
    for (uint32_t cluster = 0; cluster < clusters.size(); ++cluster) mark_stale(cluster);
  }

  Status run(const Cancellation* cancellation) {
    while (!stale_.empty()) {
      if (cancellation != nullptr) ARROW_RETURN_NOT_OK(cancellation->check());
      for (const uint32_t cluster : stale_) {
        const Neighbour* best = next_.best_of(cluster);
        best_.set(cluster, best == nullptr ? kNoNeighbour : *best);
      }
      collect_moves();
      for (const uint32_t cluster : stale_) is_stale_[cluster] = false;
      stale_.clear();
      for (const Move& move : moves_) apply(move);
    }
    return Status::OK();
  }

 private:
  struct Move {
    uint32_t row;
    uint32_t to;
  };

  void collect_moves() {
    moves_.clear();
    for (const uint32_t cluster : stale_) {
      const Neighbour& there = best_.of(cluster);
      if (there.row == kNoRow) continue;
      const uint32_t other = clusters_.cluster_of(there.row);
      const Neighbour& back = best_.of(other);
      // Each cluster's best may start from different members; the link is made only if it is one and the same edge.
      if (back.match_probability != there.match_probability || clusters_.cluster_of(back.row) != cluster) continue;
      if (!neighbours_.contains(back.row, there)) continue;
      if (is_stale_[other] && other < cluster) continue;  // taken when `other` was looked at
      moves_.push_back(cluster < other ? Move{there.row, cluster} : Move{back.row, other});
    }
  }

  void apply(const Move& move) {
    const uint32_t from = clusters_.cluster_of(move.row);
    next_.take_out(move.row);
    const ClusterMembers::Change change = clusters_.move(move.row, move.to);
    next_.put_in(move.row);
    mark_stale(from);
    mark_stale(move.to);
    offer_again(move.row);
    if (change.has_taken) clusters_.for_each_member(from, [&](uint32_t member) { offer_members_links(member); });
    check_links_to(move.row);
    if (change.has_given) clusters_.for_each_member(move.to, [&](uint32_t member) { check_links_to(member); });
  }

  // `row` may be linked to where it could not be before: offers it to its neighbours.
  void offer_again(uint32_t row) {
    for (const Neighbour& neighbour : neighbours_.of(row)) {
      if (next_.go_back_to({neighbour.match_probability, row}, neighbour.row)) {
        mark_stale(clusters_.cluster_of(neighbour.row));
      }
    }
  }

  // A duplicate-free dataset is no longer in the cluster of `member`: links both ways may be possible again.
  void offer_members_links(uint32_t member) {
    next_.take_out(member);
    next_.put_in(member);
    offer_again(member);
  }

  // Clusters that link best to `row` but may not any more.
  void check_links_to(uint32_t row) {
    const uint32_t cluster = clusters_.cluster_of(row);
    best_.for_each_cluster_linking_to(row, [&](uint32_t linking) {
      if (!clusters_.may_link(linking, cluster)) mark_stale(linking);
    });
  }

  void mark_stale(uint32_t cluster) {
    if (is_stale_[cluster]) return;
    is_stale_[cluster] = true;
    stale_.push_back(cluster);
  }

  const NeighbourLists& neighbours_;
  ClusterMembers& clusters_;
  NextLinks next_;
  BestLinks best_;
  std::vector<bool> is_stale_;
  std::vector<uint32_t> stale_;
  std::vector<Move> moves_;
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
  ARROW_RETURN_NOT_OK(BestLinkRounds(neighbours, clusters).run(options.cancellation));
  return std::move(clusters).take_representatives();
}

}  // namespace linkwright
