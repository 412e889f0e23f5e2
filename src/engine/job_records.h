#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "column/record_table.h"
#include "engine/run_context.h"
#include "engine/run_report.h"
#include "io/file_publisher.h"
#include "io/table_reader.h"
#include "model/linkage_job.h"

namespace arrow {
class Table;
}

namespace linkwright {

/// How an input is to be read.
ReadOptions read_options(const InputSpec& input, const Cancellation* cancellation);

/// NotImplemented for inputs that only Spark reads: tables, Delta folders.
Status check_is_file(const InputSpec& input);

/// Records of data without an id are told apart by their place: a settings' unique_id_column_name of row_number means
/// this, unless the data has a column of that name.
Result<std::shared_ptr<arrow::Table>> with_row_numbers(std::shared_ptr<arrow::Table> table, const std::string& id);

/// Invalid when datasets are to be linked and there is but one.
Status check_datasets(const LinkageModel& model, const std::vector<std::string>& names);

/// Reads a job's inputs and encodes its working columns. Fills in `report`'s inputs and records. The file of rejected
/// lines gets its name at once, or with the others of `publisher`.
Result<RecordTable> read_records(const LinkageJob& job, const RunOptions& options, RunContext& context,
                                 RunReport* report, FilePublisher* publisher = nullptr);

}  // namespace linkwright
