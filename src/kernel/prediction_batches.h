#pragma once

#include <memory>
#include <span>

#include "base/status.h"
#include "engine/even_batches.h"
#include "engine/prediction_table.h"
#include "kernel/background_batches.h"

namespace arrow {
class Schema;
}  // namespace arrow

namespace linkwright {

/// Scored pairs as batches of an even size, and behind them rows that carry how many pairs each rule had compared:
/// predictions with `lw_rule` and `lw_compared`, which only those rows have.
class PredictionBatches {
 public:
  PredictionBatches(const PredictionTable& table, const BackgroundBatches::Put& put);
  PredictionBatches(const PredictionBatches&) = delete;
  PredictionBatches& operator=(const PredictionBatches&) = delete;

  static std::shared_ptr<arrow::Schema> schema(const PredictionTable& table);

  Status add(std::span<const ScoredPair> pairs) { return batches_.add(pairs); }
  Status finish(std::span<const uint64_t> compared_by_rule);

 private:
  static constexpr size_t kBatchPairs = size_t{1} << 14;

  Status put(const arrow::RecordBatch& predictions);

  const PredictionTable& table_;
  const BackgroundBatches::Put& put_;
  std::shared_ptr<arrow::Schema> schema_;
  EvenBatches batches_;
};

}  // namespace linkwright
