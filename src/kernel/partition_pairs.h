#pragma once

#include <memory>
#include <string>
#include <vector>

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
/// Rows with `lw_partition` were sent to that partition, and only the blocks that belong to it make pairs. Without that
/// column the rows are all records.
struct PartitionPairs {
  std::unique_ptr<const RecordTable> records;  // which `pairs` borrows
  CandidatePairs pairs;

  /// `columns` are those that are needed beside those of the rules. Errors: a column that is missing or of another type
  /// than it must be, a partition that there is not, two records with one id.
  static Result<PartitionPairs> make(const PairTask& task, std::vector<std::string> columns,
                                     std::shared_ptr<arrow::Table> rows, RunContext& context);

  /// Of no rows, with the columns of `rows`: to tell what is wrong with a task, and what it gives, before rows come.
  static Result<PartitionPairs> without_rows(const PairTask& task, std::vector<std::string> columns,
                                             const arrow::RecordBatchReader& rows, RunContext& context);

  /// Those that comparisons and outputs read.
  static Result<std::vector<std::string>> compared_columns(const PairTask& task);
};

}  // namespace linkwright
