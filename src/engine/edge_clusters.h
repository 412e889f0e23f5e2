#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/cancellation.h"
#include "base/status.h"
#include "column/record_table.h"
#include "engine/cluster_table.h"
#include "engine/prediction_table.h"
#include "model/linkage_job.h"

namespace linkwright {

/// Feeds scored pairs to the clustering that a job asks for. One threshold of connected components takes no memory but
/// a number a record; several thresholds and best links keep the edges.
class EdgeClusters {
 public:
  static Result<EdgeClusters> make(const ClusterSpec& spec, const RecordTable& records);
  EdgeClusters(EdgeClusters&&) noexcept;
  EdgeClusters& operator=(EdgeClusters&&) noexcept;
  ~EdgeClusters();

  void add(std::span<const ScoredPair> pairs);
  Result<std::vector<ClusterColumn>> finish(const Cancellation* cancellation = nullptr);

 private:
  struct State;
  explicit EdgeClusters(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace linkwright
