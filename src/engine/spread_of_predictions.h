#pragma once

#include <cstddef>
#include <vector>

#include "base/status.h"
#include "base/thread_pool.h"
#include "column/pair_tile.h"
#include "column/record_table.h"
#include "model/linkage_job.h"

namespace linkwright {

/// Up to `count` pairs of a job's last run, from the strongest to the weakest and evenly spread over the ranks of their
/// weights. Errors: no predictions in the job's folder; an id that the records do not have.
Result<std::vector<RowPair>> spread_of_predictions(const LinkageJob& job, const RecordTable& records, size_t count,
                                                   ThreadPool& pool);

}  // namespace linkwright
