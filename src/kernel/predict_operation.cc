#include <arrow/table.h>

#include <memory>
#include <utility>

#include "engine/prediction.h"
#include "kernel/operations.h"
#include "kernel/pair_scoring.h"
#include "kernel/partition_pairs.h"
#include "kernel/partition_stream.h"
#include "kernel/prediction_batches.h"

namespace linkwright {
namespace {

Status predict(const PairTask& task, std::shared_ptr<arrow::Table> rows, const BackgroundBatches::Put& put,
               const Cancellation& cancellation) {
  KernelRun run(&cancellation);
  ARROW_ASSIGN_OR_RAISE(auto columns, PartitionPairs::compared_columns(task));
  ARROW_ASSIGN_OR_RAISE(const PartitionPairs partition,
                        PartitionPairs::make(task, std::move(columns), std::move(rows), run.context()));
  ARROW_ASSIGN_OR_RAISE(const auto scoring, PairScoring::make(task.job, *partition.records));
  PredictionBatches batches(scoring->table(), put);
  ARROW_ASSIGN_OR_RAISE(
      const PredictionCounts counts,
      predict_pairs(
          partition.pairs, scoring->comparisons(), scoring->scorer(), task.job.predict->as_match_weight(),
          [&](std::span<const ScoredPair> scored) { return batches.add(scored); }, run.context()));
  return batches.finish(counts.compared_by_rule);
}

}  // namespace

Result<RowStream> predict_operation(KernelTask& options, RowStream rows) {
  ARROW_ASSIGN_OR_RAISE(PairTask task, PairTask::read(options));
  if (options.options().has("rules")) {
    return options.options().error("rules", "is not for predictions, which have the rules of the model as match keys");
  }
  ARROW_RETURN_NOT_OK(options.options().check_unknown_keys());
  if (!task.job.predict) {
    return Status::Invalid("the kernel's task: job.predict is missing; it says which pairs to keep");
  }
  ARROW_RETURN_NOT_OK(PairTask::check_frequencies(*rows->schema(), task.job.model.comparisons));
  KernelRun run;
  ARROW_ASSIGN_OR_RAISE(auto columns, PartitionPairs::compared_columns(task));
  ARROW_ASSIGN_OR_RAISE(const PartitionPairs empty,
                        PartitionPairs::without_rows(task, std::move(columns), *rows, run.context()));
  ARROW_ASSIGN_OR_RAISE(const auto scoring, PairScoring::make(task.job, *empty.records));
  auto schema = PredictionBatches::schema(scoring->table());
  return std::make_shared<PartitionStream>(
      std::move(schema), std::move(rows),
      [task = std::move(task)](auto partition, const auto& put, const auto& cancellation) {
        return predict(task, std::move(partition), put, cancellation);
      });
}

}  // namespace linkwright
