#pragma once

#include <cstdint>

#include "base/status.h"
#include "engine/run_context.h"
#include "linkwright/spark.h"
#include "spark/linkage/job_rows.h"
#include "spark/linkage/output_table.h"

namespace linkwright::spark {

/// Clusters the records by scored pairs (rows of predictions) and writes every input record with its cluster: cluster
/// columns first, then all input columns. Gives the number of clusters at the job's first threshold.
///
/// Ids and links come to this process, which clusters them as the embedded engine does: best links with their datasets
/// and ties are the same.
Result<uint64_t> write_clusters(const JobRows& rows, const DataFrame& predictions, const Session& session,
                                OutputTable* table, RunContext& context);

}  // namespace linkwright::spark
