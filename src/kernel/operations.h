#pragma once

#include <memory>
#include <string_view>

#include "base/status.h"
#include "kernel/kernel_task.h"

namespace arrow {
class RecordBatchReader;
}  // namespace arrow

namespace linkwright {

/// Rows on their way, a batch at a time.
using RowStream = std::shared_ptr<arrow::RecordBatchReader>;

/// Starts the operation that a task names, on the rows of one partition. The schema of what it gives is known before
/// any row is read. Errors: a task that cannot be read, an operation that there is not, columns that it lacks.
Result<RowStream> run_operation(std::string_view task_json, RowStream rows);

/// What each operation does; docs/kernel.md says what its rows are.
Result<RowStream> count_pairs_operation(KernelTask& task, RowStream rows);
Result<RowStream> count_patterns_operation(KernelTask& task, RowStream rows);
Result<RowStream> derive_operation(KernelTask& task, RowStream rows);
Result<RowStream> describe_blocks_operation(KernelTask& task, RowStream rows);
Result<RowStream> forest_operation(KernelTask& task, RowStream rows);
Result<RowStream> predict_operation(KernelTask& task, RowStream rows);
Result<RowStream> sample_operation(KernelTask& task, RowStream rows);
Result<RowStream> spread_operation(KernelTask& task, RowStream rows);
Result<RowStream> survey_operation(KernelTask& task, RowStream rows);

}  // namespace linkwright
