#include <arrow/builder.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "compare/comparison_program.h"
#include "engine/job_columns.h"
#include "engine/pattern_counts.h"
#include "kernel/operations.h"
#include "kernel/pair_task.h"
#include "kernel/partition_pairs.h"
#include "kernel/partition_stream.h"
#include "score/match_scorer.h"

namespace linkwright {
namespace {

struct PatternTask {
  PairTask pairs;
  std::vector<Comparison> comparisons;  // those whose patterns are counted
  bool adjustments = false;             // told apart by their term frequency adjustments
};

Result<PatternTask> read_task(KernelTask& options) {
  PatternTask task;
  ARROW_ASSIGN_OR_RAISE(task.pairs, PairTask::read(options));
  ARROW_ASSIGN_OR_RAISE(task.adjustments, options.options().boolean_or("adjustments", false));
  const std::vector<Comparison>& all = task.pairs.job.model.comparisons;
  if (!options.options().has("comparisons")) {
    task.comparisons = all;
  } else {
    ARROW_ASSIGN_OR_RAISE(const auto chosen, options.options().list_or_empty("comparisons"));
    for (const auto* index : chosen) {
      if (!index->is_number_unsigned() || index->get<uint64_t>() >= all.size()) {
        return options.options().error("comparisons", "has " + shown(*index) +
                                                          ", which is not the place of one of the " +
                                                          std::to_string(all.size()) + " comparisons of the model");
      }
      task.comparisons.push_back(all[index->get<size_t>()]);
    }
  }
  ARROW_RETURN_NOT_OK(options.options().check_unknown_keys());
  return task;
}

std::shared_ptr<arrow::Schema> pattern_schema() {
  return arrow::schema({arrow::field("lw_pattern", arrow::int64()), arrow::field("lw_adjusted", arrow::int64()),
                        arrow::field("lw_adjustment", arrow::float64()), arrow::field("lw_pairs", arrow::int64())});
}

Status put_counts(const PatternCounts& counts, const BackgroundBatches::Put& put) {
  const auto put_piece = [&](std::span<const PatternCount> piece) -> Status {
    arrow::Int64Builder patterns;
    arrow::Int64Builder adjusted;
    arrow::DoubleBuilder adjustments;
    arrow::Int64Builder pairs;
    for (const PatternCount& count : piece) {
      ARROW_RETURN_NOT_OK(patterns.Append(static_cast<int64_t>(count.pattern)));
      ARROW_RETURN_NOT_OK(adjusted.Append(static_cast<int64_t>(count.adjusted_comparisons)));
      ARROW_RETURN_NOT_OK(adjustments.Append(count.adjustment));
      ARROW_RETURN_NOT_OK(pairs.Append(static_cast<int64_t>(count.pairs)));
    }
    arrow::ArrayVector columns(4);
    ARROW_RETURN_NOT_OK(patterns.Finish(columns.data()));
    ARROW_RETURN_NOT_OK(adjusted.Finish(&columns[1]));
    ARROW_RETURN_NOT_OK(adjustments.Finish(&columns[2]));
    ARROW_RETURN_NOT_OK(pairs.Finish(&columns[3]));
    return put(arrow::RecordBatch::Make(pattern_schema(), static_cast<int64_t>(piece.size()), std::move(columns)));
  };
  Status outcome;
  ARROW_RETURN_NOT_OK(counts.for_each([&](std::span<const PatternCount> piece) {
    if (outcome.ok() && !piece.empty()) outcome = put_piece(piece);
  }));
  return outcome;
}

// Compiles the comparisons for some records, and counts the patterns of their pairs.
Result<PatternCounts> count(const PatternTask& task, const PartitionPairs& partition, RunContext& context) {
  const RecordTable& records = *partition.records;
  ARROW_ASSIGN_OR_RAISE(const auto program,
                        ComparisonProgram::compile(task.comparisons, records, evaluation_options(task.pairs.job)));
  const ComparisonProgram::Choice comparisons = program->all();
  std::optional<MatchScorer> scorer;
  if (task.adjustments) {
    ARROW_ASSIGN_OR_RAISE(scorer,
                          MatchScorer::make(task.comparisons, task.pairs.job.model.probability_two_random_records_match,
                                            comparisons.patterns, records));
  }
  return count_patterns(partition.pairs, comparisons, scorer ? &*scorer : nullptr, context);
}

}  // namespace

Result<RowStream> count_patterns_operation(KernelTask& options, RowStream rows) {
  ARROW_ASSIGN_OR_RAISE(PatternTask task, read_task(options));
  if (task.adjustments) ARROW_RETURN_NOT_OK(PairTask::check_frequencies(*rows->schema(), task.comparisons));
  KernelRun run;
  ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> columns, PartitionPairs::compared_columns(task.pairs));
  ARROW_ASSIGN_OR_RAISE(const PartitionPairs empty,
                        PartitionPairs::without_rows(task.pairs, columns, *rows, run.context()));
  ARROW_RETURN_NOT_OK(count(task, empty, run.context()).status());  // what does not compile is told at once
  return std::make_shared<PartitionStream>(
      pattern_schema(), std::move(rows),
      [task = std::move(task), columns](auto partition, const auto& put, const Cancellation& cancellation) -> Status {
        KernelRun counting(&cancellation);
        ARROW_ASSIGN_OR_RAISE(const PartitionPairs pairs,
                              PartitionPairs::make(task.pairs, columns, std::move(partition), counting.context()));
        ARROW_ASSIGN_OR_RAISE(const PatternCounts counts, count(task, pairs, counting.context()));
        return put_counts(counts, put);
      });
}

}  // namespace linkwright
