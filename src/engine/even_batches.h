#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "base/status.h"
#include "engine/prediction_table.h"

namespace linkwright {

/// Scored pairs as record batches of an even size, whatever the pieces they come in. Not thread-safe.
class EvenBatches {
 public:
  using Put = std::function<Status(std::shared_ptr<arrow::RecordBatch>)>;

  /// `put` takes a batch of `pairs_in_batch` pairs; the last may have fewer, and there is none of no pairs.
  EvenBatches(const PredictionTable& table, size_t pairs_in_batch, Put put);

  Status add(std::span<const ScoredPair> pairs);
  /// To be called once, after the last pairs.
  Status finish();

 private:
  Status put();

  const PredictionTable& table_;
  size_t pairs_in_batch_;
  Put put_;
  std::vector<ScoredPair> pending_;
};

}  // namespace linkwright
