#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "engine/run_context.h"
#include "engine/run_report.h"
#include "io/rejects.h"
#include "linkwright/spark.h"
#include "model/linkage_job.h"
#include "spark/linkage/native_kernel.h"

namespace linkwright::spark {

/// The rows of one input on the cluster.
struct InputRows {
  Rows rows;
  int64_t rejected_lines = 0;
  bool is_in_order = false;  // rows come in the order of a file or files of this machine
};

/// `id_column` may be row_number (see job_records.cc), which only rows that are sent have an order for. `rejects` may
/// be null. Errors: those of the readers and of Spark, with the input's name.
Result<InputRows> read_input(const InputSpec& input, const std::string& id_column, const Session& session,
                             Rejects* rejects, RunContext& context);

}  // namespace linkwright::spark
