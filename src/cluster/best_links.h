#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/cancellation.h"
#include "base/status.h"

namespace linkwright {

/// A scored pair that reached the threshold. Best links rank by the probability and not by the weight, as Splink does:
/// weights above 53 all have probability 1.0 and tie.
struct ScoredEdge {
  uint32_t left;
  uint32_t right;
  double match_probability;
};

enum class LinkTies {
  kLowestId,  // of equally good links, the one to the record with the lowest id
  kDrop,      // a link is dropped when its record has an equally good one into the same duplicate-free dataset
};

struct BestLinksOptions {
  LinkTies ties = LinkTies::kLowestId;
  const Cancellation* cancellation = nullptr;
};

/// One-to-one clustering: a cluster holds at most one record of each duplicate-free dataset (but see below).
///
/// Starting from one cluster a record, two clusters are linked when each is the other's best neighbour among those that
/// it may join (no duplicate-free dataset in both), best by (match probability descending, id of the neighbour
/// ascending). All mutual best links are taken at once; then the round is repeated until nothing changes.
///
/// `dataset_of_row` has one entry a record (rows are in ascending order of id) and values below
/// `is_duplicate_free.size()`; at least one dataset must be duplicate-free. Edges may be repeated and in any order and
/// direction. Gives the representative of every row; a row without links is its own.
///
/// Equal to Splink's iteration to the letter, one peculiarity included: a link moves only its two records, not
/// their clusters, so a record may leave a cluster for a better one that it came upon later.
///
/// Memory: 80 bytes a record, 32 an edge, and 8 bytes a record for every 64 duplicate-free datasets. Time:
/// O((links + moves) log records), where only a cluster that loses or gains a duplicate-free dataset is looked through
/// as a whole: 200,000 records that join the cluster of one take 0.2 s. Errors: a row or dataset out of range, a
/// probability that is NaN, no duplicate-free dataset; Cancelled. Source: splink 5.0.0,
/// internals/one_to_one_clustering.py.
Result<std::vector<uint32_t>> cluster_by_best_links(std::span<const ScoredEdge> edges,
                                                    std::span<const uint32_t> dataset_of_row,
                                                    const std::vector<bool>& is_duplicate_free,
                                                    const BestLinksOptions& options = {});

}  // namespace linkwright
