#pragma once

#include <cstdint>
#include <span>

#include "base/cancellation.h"
#include "base/status.h"
#include "evaluate/comparable_pairs.h"

namespace linkwright {

struct PrecisionRecall {
  double precision = 1.0;
  double recall = 1.0;

  double f1() const;  // harmonic mean; 0 when both are 0
};

/// How well clusters agree with the truth.
///
/// Pairwise: a pair in one cluster is predicted, a pair of equal label is true; true pairs that blocking never made
/// count as missed. No predicted pair gives precision 1, no true pair recall 1.
/// B-cubed: for every record the share of its cluster that has its label, and the share of its label that is in its
/// cluster, averaged over records; unlike pairs it does not let large clusters dominate. It counts a record as part of
/// its own cluster, and takes all records whatever their dataset.
/// Source: Bagga and Baldwin, "Algorithms for scoring coreference chains" (1998).
struct ClusterAccuracy {
  uint64_t num_labelled = 0;  // records; the rest are left out, as if they did not exist
  uint64_t num_true_pairs = 0;
  uint64_t num_predicted_pairs = 0;
  uint64_t num_correct_pairs = 0;
  PrecisionRecall pairwise;
  PrecisionRecall b_cubed;
};

/// `cluster_of_row` and `label_of_row` have one entry a record; label 0 means no label (as codes of an EncodedColumn).
/// O(n log n) time and 28 bytes a record; pairs are not enumerated. Errors: lengths that differ;
/// Cancelled.
Result<ClusterAccuracy> measure_clusters(std::span<const uint32_t> cluster_of_row,
                                         std::span<const uint32_t> label_of_row, const ComparablePairs& pairs = {},
                                         const Cancellation* cancellation = nullptr);

}  // namespace linkwright
