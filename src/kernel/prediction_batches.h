#pragma once

#include <memory>
#include <span>

#include "base/status.h"
#include "engine/even_batches.h"
#include "engine/prediction_table.h"
#include "kernel/background_batches.h"
#include "kernel/compared_rows.h"
#include "kernel/prediction_output.h"

namespace arrow {
class Schema;
}  // namespace arrow

namespace linkwright {

/// Scored pairs as rows of predictions, in batches of an even size.
class PredictionBatches final : public PredictionOutput {
 public:
  PredictionBatches(const PredictionTable& table, const BackgroundBatches::Put& put);
  PredictionBatches(const PredictionBatches&) = delete;
  PredictionBatches& operator=(const PredictionBatches&) = delete;

  static std::shared_ptr<arrow::Schema> schema(const PredictionTable& table);

  Status add(std::span<const ScoredPair> pairs) override { return batches_.add(pairs); }
  Status finish(std::span<const uint64_t> compared_by_rule) override;

 private:
  static constexpr size_t kBatchPairs = size_t{1} << 14;

  const BackgroundBatches::Put& put_;
  ComparedRows rows_;
  EvenBatches batches_;
};

}  // namespace linkwright
