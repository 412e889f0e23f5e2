#include <arrow/table.h>

#include <memory>
#include <utility>

#include "base/thread_pool.h"
#include "block/candidate_pairs.h"
#include "engine/job_columns.h"
#include "engine/prediction.h"
#include "kernel/operations.h"
#include "kernel/pair_scoring.h"
#include "kernel/partition_records.h"
#include "kernel/partition_stream.h"
#include "kernel/prediction_batches.h"

namespace linkwright {
namespace {

Status predict(const LinkageJob& job, std::shared_ptr<arrow::Table> rows, const BackgroundBatches::Put& put,
               const Cancellation& cancellation) {
  ThreadPool pool(1);
  Progress progress;
  MemoryBudget budget;
  RunContext context{pool, &cancellation, progress, budget, {}};
  ARROW_ASSIGN_OR_RAISE(const RecordTable records, partition_records(job, rows, pool, &cancellation));
  rows.reset();
  ARROW_ASSIGN_OR_RAISE(std::vector<BlockingRule> rules, blocking_rules(job.model));
  ARROW_ASSIGN_OR_RAISE(
      const CandidatePairs pairs,
      CandidatePairs::make(std::move(rules), records,
                           {job.model.link_type == LinkType::kLinkOnly, evaluation_options(job)}, pool, &cancellation));
  ARROW_ASSIGN_OR_RAISE(const std::unique_ptr<PairScoring> scoring, PairScoring::make(job, records));
  PredictionBatches batches(scoring->table(), put);
  ARROW_ASSIGN_OR_RAISE(const PredictionCounts counts,
                        predict_pairs(
                            pairs, scoring->comparisons(), scoring->scorer(), job.predict->as_match_weight(),
                            [&](std::span<const ScoredPair> scored) { return batches.add(scored); }, context));
  return batches.finish(counts.compared_by_rule);
}

}  // namespace

Result<RowStream> predict_operation(KernelTask& task, RowStream rows) {
  ARROW_ASSIGN_OR_RAISE(auto job, task.job());
  ARROW_RETURN_NOT_OK(task.options().check_unknown_keys());
  if (!job.predict) return Status::Invalid("the kernel's task: job.predict is missing; it says which pairs to keep");
  ThreadPool pool(1);
  ARROW_ASSIGN_OR_RAISE(const auto no_rows, arrow::Table::MakeEmpty(rows->schema()));
  ARROW_ASSIGN_OR_RAISE(const RecordTable no_records, partition_records(job, no_rows, pool));
  ARROW_ASSIGN_OR_RAISE(const auto scoring, PairScoring::make(job, no_records));
  auto schema = PredictionBatches::schema(scoring->table());
  return std::make_shared<PartitionStream>(
      std::move(schema), std::move(rows),
      [job = std::move(job)](auto partition, const auto& put, const auto& cancellation) {
        return predict(job, std::move(partition), put, cancellation);
      });
}

}  // namespace linkwright
