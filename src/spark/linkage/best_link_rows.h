#pragma once

#include "base/status.h"
#include "engine/run_context.h"
#include "linkwright/spark.h"
#include "spark/linkage/cluster_rows.h"
#include "spark/linkage/job_rows.h"

namespace linkwright::spark {

/// The clusters of a job whose method is best_link, as `cluster_rows` gives those of components. Which links are best
/// is a matter of all links of a component at once: ids and links come to this process, where the embedded engine's
/// code picks among them, so that datasets and ties are the same. Takes memory for every record and link.
Result<ClusteredRows> best_link_rows(const JobRows& rows, const DataFrame& predictions, const Session& session,
                                     RunContext& context);

}  // namespace linkwright::spark
