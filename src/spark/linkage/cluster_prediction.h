#pragma once

#include "base/status.h"
#include "engine/run_context.h"
#include "spark/linkage/job_rows.h"
#include "spark/linkage/meetings.h"
#include "spark/linkage/native_kernel.h"
#include "spark/linkage/output_table.h"
#include "spark/linkage/scored_rows.h"

namespace linkwright::spark {

/// Scores the pairs of a job's rules with its model and writes those at or above its threshold to `table`.
Result<PredictionTotals> write_predictions(const JobRows& rows, Meetings& meetings, const NativeKernel& kernel,
                                           OutputTable* table, RunContext& context);

}  // namespace linkwright::spark
