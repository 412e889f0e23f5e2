#pragma once

#include <cstdint>
#include <vector>

#include "cluster/cluster_members.h"
#include "cluster/neighbour_lists.h"

namespace linkwright {

/// The best link of every cluster, kept while clusters change.
///
/// Every row stands at a place of its list of neighbours, and those before it are of no use: in its own cluster, or in
/// one that may not be linked. The rows of a cluster are a pairing heap by the neighbours that they stand at, so that
/// the best of a cluster's links is found without a look at all of them. Places move on when the best is asked for, and
/// back when a change may have made an earlier neighbour useful. Not thread-safe.
///
/// Cost: 20 bytes a row; O(log rows) amortised for a place that moves. Source: Fredman, Sedgewick, Sleator and Tarjan,
/// "The pairing heap: a new form of self-adjusting heap", Algorithmica 1 (1986).
class NextLinks {
 public:
  /// Every row in its own cluster.
  NextLinks(const NeighbourLists& neighbours, const ClusterMembers& clusters);

  /// The best neighbour that a cluster may link to, of any of its members; null without one. It may stay asked for.
  const Neighbour* best_of(uint32_t cluster);

  /// Before and behind a change of `row`'s cluster: it starts at the front of its list again.
  void take_out(uint32_t row);
  void put_in(uint32_t row);

  /// `neighbour` of `row` may be linked again; whether `row` has gone back to it.
  bool go_back_to(const Neighbour& neighbour, uint32_t row);

 private:
  const Neighbour& next_of(uint32_t row) const { return neighbours_.of(row)[place_[row]]; }
  bool has_next(uint32_t row) const { return place_[row] < neighbours_.of(row).size(); }
  void push(uint32_t row);
  void erase(uint32_t row);
  uint32_t meld(uint32_t one, uint32_t other);
  uint32_t meld_all(uint32_t first);

  const NeighbourLists& neighbours_;
  const ClusterMembers& clusters_;
  std::vector<uint32_t> place_;  // of each row, in its list; rows at the end of it are in no heap
  std::vector<uint32_t> root_;   // of each cluster
  std::vector<uint32_t> child_, sibling_;
  std::vector<uint32_t> before_;  // the sibling before, or the parent of a first child
};

}  // namespace linkwright
