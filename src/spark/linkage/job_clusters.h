#pragma once

#include <cstdint>

#include "base/status.h"
#include "engine/run_context.h"
#include "linkwright/spark.h"
#include "spark/linkage/component_rounds.h"
#include "spark/linkage/job_rows.h"
#include "spark/linkage/output_table.h"

namespace linkwright::spark {

/// Clusters the records by scored pairs (rows of predictions) and writes every input record with its cluster: cluster
/// columns first, then all columns of the records. Gives the number of clusters at the job's first threshold.
///
/// Connected components are found on the cluster, as `components` says. Best links are a matter of all links of a
/// component at once: ids and links come to this process, and the embedded engine's code picks among them.
Result<uint64_t> write_clusters(const JobRows& rows, const DataFrame& predictions, const Session& session,
                                const ComponentOptions& components, OutputTable* table, RunContext& context);

}  // namespace linkwright::spark
