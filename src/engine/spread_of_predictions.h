#pragma once

#include <cstddef>
#include <vector>

#include "base/status.h"
#include "column/pair_tile.h"
#include "column/record_table.h"
#include "engine/run_context.h"
#include "model/linkage_job.h"

namespace linkwright {

/// Up to `count` pairs of a job's last run, from the strongest to the weakest and evenly spread over the ranks of their
/// weights, whatever their number: predictions are read in batches, and weights sorted within the run's buffers.
/// Errors: no predictions in the job's folder; an id that the records do not have.
Result<std::vector<RowPair>> spread_of_predictions(const LinkageJob& job, const RecordTable& records, size_t count,
                                                   const RunContext& context);

}  // namespace linkwright
