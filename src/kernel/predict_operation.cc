#include <arrow/table.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "engine/prediction.h"
#include "kernel/operations.h"
#include "kernel/pair_scoring.h"
#include "kernel/partition_pairs.h"
#include "kernel/partition_stream.h"
#include "kernel/prediction_batches.h"
#include "kernel/prediction_files.h"

namespace linkwright {
namespace {

// A file is one value of Arrow's, of which a batch can hold two gigabytes.
constexpr int64_t kMostFileBytes = int64_t{1} << 30;

// A task for predictions, and what they come as: rows, or Parquet files of some bytes each.
struct PredictTask {
  PairTask pairs;
  std::optional<int64_t> file_bytes;

  Result<std::unique_ptr<PairScoring>> scoring(const RecordTable& records) const {
    using Values = PredictionTable::Values;  // of rows Spark takes plain ones only
    return PairScoring::make(pairs.job, records, file_bytes ? Values::kCoded : Values::kPlain);
  }
  std::shared_ptr<arrow::Schema> schema(const PredictionTable& table) const {
    return file_bytes ? PredictionFiles::schema() : PredictionBatches::schema(table);
  }
  std::unique_ptr<PredictionOutput> output(const PredictionTable& table, const BackgroundBatches::Put& put) const {
    if (file_bytes) return std::make_unique<PredictionFiles>(table, *file_bytes, put);
    return std::make_unique<PredictionBatches>(table, put);
  }
};

Status predict(const PredictTask& task, std::shared_ptr<arrow::Table> rows, const BackgroundBatches::Put& put,
               const Cancellation& cancellation) {
  KernelRun run(&cancellation);
  ARROW_ASSIGN_OR_RAISE(auto columns, PartitionPairs::compared_columns(task.pairs));
  ARROW_ASSIGN_OR_RAISE(const PartitionPairs partition,
                        PartitionPairs::make(task.pairs, std::move(columns), std::move(rows), run.context()));
  ARROW_ASSIGN_OR_RAISE(const auto scoring, task.scoring(*partition.records));
  const auto output = task.output(scoring->table(), put);
  ARROW_ASSIGN_OR_RAISE(
      const PredictionCounts counts,
      predict_pairs(
          partition.pairs, scoring->comparisons(), scoring->scorer(), task.pairs.job.predict->as_match_weight(),
          [&](std::span<const ScoredPair> scored) { return output->add(scored); }, run.context()));
  return output->finish(counts.compared_by_rule);
}

Result<PredictTask> read_task(KernelTask& options) {
  ARROW_ASSIGN_OR_RAISE(PairTask pairs, PairTask::read(options));
  PredictTask task{std::move(pairs), std::nullopt};
  JsonObject& object = options.options();
  if (object.has("rules")) {
    return object.error("rules", "is not for predictions, which have the rules of the model as match keys");
  }
  if (object.has("file_bytes")) {
    ARROW_ASSIGN_OR_RAISE(task.file_bytes, object.whole_or("file_bytes", 0, 1, kMostFileBytes));
  }
  ARROW_RETURN_NOT_OK(object.check_unknown_keys());
  if (!task.pairs.job.predict) {
    return Status::Invalid("the kernel's task: job.predict is missing; it says which pairs to keep");
  }
  return task;
}

}  // namespace

Result<RowStream> predict_operation(KernelTask& options, RowStream rows) {
  ARROW_ASSIGN_OR_RAISE(PredictTask task, read_task(options));
  ARROW_RETURN_NOT_OK(PairTask::check_frequencies(*rows->schema(), task.pairs.job.model.comparisons));
  KernelRun run;
  ARROW_ASSIGN_OR_RAISE(auto columns, PartitionPairs::compared_columns(task.pairs));
  ARROW_ASSIGN_OR_RAISE(const PartitionPairs empty,
                        PartitionPairs::without_rows(task.pairs, std::move(columns), *rows, run.context()));
  ARROW_ASSIGN_OR_RAISE(const auto scoring, task.scoring(*empty.records));
  auto schema = task.schema(scoring->table());
  return std::make_shared<PartitionStream>(
      std::move(schema), std::move(rows),
      [task = std::move(task)](auto partition, const auto& put, const auto& cancellation) {
        return predict(task, std::move(partition), put, cancellation);
      });
}

}  // namespace linkwright
