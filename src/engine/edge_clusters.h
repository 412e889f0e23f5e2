#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/cancellation.h"
#include "base/status.h"
#include "column/record_table.h"
#include "engine/cluster_table.h"
#include "engine/prediction_table.h"
#include "engine/run_context.h"
#include "model/linkage_job.h"

namespace linkwright {

/// The names of the columns of clusters at some thresholds: cluster_id for one, Splink's for several.
std::vector<std::string> cluster_column_names(const std::vector<Threshold>& thresholds);

/// The smallest match weight of an edge that joins its records at a threshold. Splink holds the edge's probability
/// against the threshold's, a weight's included, and probabilities round: all weights from 54 up are 1.0, and log2(3)
/// is 0.7499999999999999.
double lowest_weight(const Threshold& threshold);

/// Feeds scored pairs to the clustering that a job asks for. Connected components take a number a record and threshold,
/// and keep no edge. Best links need the edges: those that do not fit the run's buffers go to a temporary file, and are
/// clustered some connected components at a time, which no best link leaves.
class EdgeClusters {
 public:
  static Result<EdgeClusters> make(const ClusterSpec& spec, const RecordTable& records, const RunContext& context);
  EdgeClusters(EdgeClusters&&) noexcept;
  EdgeClusters& operator=(EdgeClusters&&) noexcept;
  ~EdgeClusters();

  /// Errors: the temporary file cannot be written.
  Status add(std::span<const ScoredPair> pairs);
  /// To be called once, after the last pairs: a column for each threshold. Errors: cancelled; the temporary file cannot
  /// be read; one component's edges do not fit under the run's memory limit.
  Result<std::vector<ClusterColumn>> finish(const Cancellation* cancellation = nullptr);

 private:
  struct State;
  explicit EdgeClusters(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace linkwright
