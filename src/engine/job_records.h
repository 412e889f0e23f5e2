#pragma once

#include "base/status.h"
#include "column/record_table.h"
#include "engine/embedded_engine.h"
#include "engine/run_context.h"
#include "io/file_publisher.h"
#include "io/table_reader.h"
#include "model/linkage_job.h"

namespace linkwright {

/// How an input is to be read.
ReadOptions read_options(const InputSpec& input, const Cancellation* cancellation);

/// Reads a job's inputs and encodes its working columns. Fills in `report`'s inputs and records. The file of rejected
/// lines gets its name at once, or with the others of `publisher`.
Result<RecordTable> read_records(const LinkageJob& job, const RunOptions& options, RunContext& context,
                                 RunReport* report, FilePublisher* publisher = nullptr);

}  // namespace linkwright
