#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "column/record_table.h"
#include "engine/cluster_table.h"
#include "engine/run_context.h"
#include "model/linkage_job.h"

namespace linkwright {

/// Clusters the predictions of an earlier run, which are read in batches: memory holds the records, what finds them by
/// id, and what `EdgeClusters` holds. Errors: a prediction without match_weight, or of an id that no record has; ids of
/// another type than the records'; what reading and clustering meet; Cancelled.
Result<std::vector<ClusterColumn>> recluster(const std::string& predictions, const ClusterSpec& spec,
                                             const LinkageModel& model, const RecordTable& records,
                                             RunContext& context);

}  // namespace linkwright
