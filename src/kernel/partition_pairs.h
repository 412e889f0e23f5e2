#pragma once

#include <memory>

#include "base/status.h"
#include "block/candidate_pairs.h"
#include "column/record_table.h"
#include "engine/run_context.h"
#include "kernel/pair_task.h"

namespace arrow {
class RecordBatchReader;
class Table;
}  // namespace arrow

namespace linkwright {

/// What a run of an operation works with: one thread, and no progress to tell.
class KernelRun {
 public:
  explicit KernelRun(const Cancellation* cancellation = nullptr);
  RunContext& context() { return resources_.context(); }

 private:
  RunResources resources_;
};

/// The records of a partition, each once, and the pairs that are made there.
///
/// Rows with `lw_arm` were sent to meet others under one arm of the rules, and only what was sent makes pairs. Without
/// that column the rows are all records, and all rules make their pairs.
struct PartitionPairs {
  std::unique_ptr<const RecordTable> records;  // which `pairs` borrows
  CandidatePairs pairs;

  /// Errors: a column that is missing or of another type than it must be, an arm that there is not.
  static Result<PartitionPairs> make(const PairTask& task, std::shared_ptr<arrow::Table> rows, RunContext& context);

  /// Of no rows, with the columns of `rows`: to tell what is wrong with a task, and what it gives, before rows come.
  static Result<PartitionPairs> without_rows(const PairTask& task, const arrow::RecordBatchReader& rows,
                                             RunContext& context);
};

}  // namespace linkwright
