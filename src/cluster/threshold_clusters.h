#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "cluster/components.h"

namespace linkwright {

/// Connected components at many thresholds from one pass over the edges, which may come in any order.
///
/// An edge is joined in one forest only, that of the highest threshold it reaches. At the end the forests are laid over
/// each other from the highest threshold to the lowest: the components at a threshold are those at the next higher one
/// joined by the edges in between. Nothing is kept of an edge.
///
/// Memory: 4 bytes a record and threshold, and the same again for the result. `add` may be called from many threads at
/// once; `finish` when all have ended.
class ThresholdClusters {
 public:
  /// Thresholds on the match weight, in any order, at least one; an edge belongs to a threshold when its weight is at
  /// or above it. -infinity keeps every edge. NaN is an error.
  static Result<ThresholdClusters> make(uint32_t num_rows, const std::vector<double>& match_weight_thresholds);

  void add(uint32_t left, uint32_t right, double match_weight);

  /// For each threshold, in the order given to `make`, the representative (smallest row) of every row's component.
  /// The object is used up.
  std::vector<std::vector<uint32_t>> finish() &&;

 private:
  ThresholdClusters(std::vector<double> ascending, std::vector<size_t> place_of_threshold, uint32_t num_rows);

  std::vector<double> ascending_;           // distinct thresholds
  std::vector<size_t> place_of_threshold_;  // of each threshold given, in ascending_
  std::vector<ConnectedComponents> forests_;
};

/// Splink's names for the cluster columns of several thresholds: cluster_p_0_95 for a match probability, cluster_mw_3_5
/// for a match weight (at most six decimals; "." becomes "_"). Probability 0 and 1: cluster_0_0 and cluster_1_0; a
/// weight whose probability is 0 or 1 in double precision: cluster_mw_minus_inf and cluster_mw_inf. Source:
/// splink 5.0.0, internals/clustering.py, _threshold_to_str, which takes a weight by way of its probability.
std::string cluster_column_of_probability(double match_probability);
std::string cluster_column_of_weight(double match_weight);

}  // namespace linkwright
