#pragma once

#include <memory>

#include "base/status.h"
#include "base/thread_pool.h"
#include "column/record_table.h"
#include "model/linkage_job.h"

namespace arrow {
class Table;
}  // namespace arrow

namespace linkwright {

/// The records among a partition's rows. Errors: no id column, or none of datasets where the job has several.
Result<RecordTable> partition_records(const LinkageJob& job, const std::shared_ptr<arrow::Table>& rows,
                                      ThreadPool& pool, const Cancellation* cancellation = nullptr);

}  // namespace linkwright
