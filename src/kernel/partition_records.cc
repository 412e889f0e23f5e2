#include "kernel/partition_records.h"

#include <arrow/table.h>

#include "base/nearest_name.h"
#include "engine/job_columns.h"

namespace linkwright {

Result<RecordTable> partition_records(const LinkageJob& job, const std::shared_ptr<arrow::Table>& rows,
                                      ThreadPool& pool, const Cancellation* cancellation) {
  ARROW_ASSIGN_OR_RAISE(RecordTableOptions options, record_table_options(job));
  options.cancellation = cancellation;
  for (const std::string& column : {options.unique_id_column, options.source_dataset_column}) {
    if (column == options.source_dataset_column && !options.has_sources) continue;
    if (rows->GetColumnByName(column) != nullptr) continue;
    return Status::Invalid("the kernel's rows have no column '", column, "'", suggestion(column, rows->ColumnNames()),
                           "; records need their id, and their dataset where the job links several");
  }
  return RecordTable::make({{"records", rows}}, options, pool);
}

}  // namespace linkwright
