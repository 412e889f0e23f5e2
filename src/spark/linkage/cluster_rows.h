#pragma once

#include <vector>

#include "base/status.h"
#include "linkwright/spark.h"
#include "model/linkage_job.h"
#include "spark/linkage/component_rounds.h"
#include "spark/linkage/kept_rows.h"
#include "spark/linkage/native_kernel.h"

namespace linkwright::spark {

/// Records with their clusters, as clusters.parquet has them.
struct ClusteredRows {
  Rows rows;                   // lazy
  uint64_t num_joined = 0;     // records that do not name their cluster at the job's first threshold
  std::vector<KeptRows> kept;  // what `rows` reads
};

/// The connected components of a job's records: cluster_id, or a column for each of several thresholds, and then all
/// columns of `records`.
///
/// `predictions` has match_weight and the ids of both records (and their datasets, where the job links several) as
/// predictions.parquet does; pairs without a weight join nothing. A cluster's id is its smallest, in Splink's order; a
/// record without links is its own cluster. Components at several thresholds come from one reading of the predictions
/// for each, from the highest down, each beginning with the forest of the one above. Errors: those of Spark.
Result<ClusteredRows> cluster_rows(const LinkageJob& job, const Rows& records, const DataFrame& predictions,
                                   const ComponentOptions& options);

}  // namespace linkwright::spark
