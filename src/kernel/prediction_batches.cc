#include "kernel/prediction_batches.h"

#include <arrow/record_batch.h>

#include <utility>

namespace linkwright {

PredictionBatches::PredictionBatches(const PredictionTable& table, const BackgroundBatches::Put& put)
    : put_(put),
      rows_(table.schema()),
      batches_(table, kBatchPairs, [this](const std::shared_ptr<arrow::RecordBatch>& predictions) -> Status {
        ARROW_ASSIGN_OR_RAISE(auto rows, rows_.of_results(*predictions));
        return put_(std::move(rows));
      }) {}

std::shared_ptr<arrow::Schema> PredictionBatches::schema(const PredictionTable& table) {
  return ComparedRows(table.schema()).schema();
}

Status PredictionBatches::finish(std::span<const uint64_t> compared_by_rule) {
  ARROW_RETURN_NOT_OK(batches_.finish());
  ARROW_ASSIGN_OR_RAISE(auto counts, rows_.of_counts(compared_by_rule));
  return put_(std::move(counts));
}

}  // namespace linkwright
