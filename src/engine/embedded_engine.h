#pragma once

#include "base/status.h"
#include "engine/run_context.h"
#include "engine/run_report.h"
#include "model/linkage_job.h"

namespace linkwright {

/// Runs a whole job inside this process: read, train, predict, cluster, write. Files appear under their final names
/// only when they are whole; a failed or cancelled run leaves none of its own behind. Errors say what is wrong with the
/// job, its inputs, the memory limit or a file, and what to do.
Result<RunReport> run_job(const LinkageJob& job, const RunOptions& options);

}  // namespace linkwright
