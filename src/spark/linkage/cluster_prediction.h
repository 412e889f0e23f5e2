#pragma once

#include <cstdint>
#include <vector>

#include "base/status.h"
#include "engine/run_context.h"
#include "spark/linkage/job_rows.h"
#include "spark/linkage/native_kernel.h"
#include "spark/linkage/output_table.h"

namespace linkwright::spark {

/// What a prediction on the cluster counted.
struct PredictionTotals {
  std::shared_ptr<arrow::Schema> schema;  // of what was written
  std::vector<uint64_t> compared_by_rule;
  uint64_t kept = 0;
};

/// Scores the pairs of a job's rules with its model and writes those at or above its threshold to `table`.
Result<PredictionTotals> write_predictions(const JobRows& rows, const NativeKernel& kernel, int partitions,
                                           OutputTable* table, RunContext& context);

}  // namespace linkwright::spark
