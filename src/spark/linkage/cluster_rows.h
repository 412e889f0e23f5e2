#pragma once

#include "base/status.h"
#include "linkwright/spark.h"
#include "model/linkage_job.h"
#include "spark/linkage/component_rounds.h"

namespace linkwright::spark {

/// The clusters of a job's records: cluster_id, or a column for each of several thresholds, and then all columns of
/// `records`, as clusters.parquet has them. Lazy but for the rounds that find components.
///
/// `predictions` has match_weight and the ids of both records (and their datasets, where the job links several) as
/// predictions.parquet does; pairs without a weight join nothing. A cluster's id is its smallest, in Splink's order; a
/// record without links is its own cluster. Components at several thresholds come from one reading of the predictions
/// for each, from the highest down, each beginning with the forest of the one above.
///
/// Errors: best links, which are NotImplemented here; those of Spark.
Result<DataFrame> cluster_rows(const LinkageJob& job, const DataFrame& records, const DataFrame& predictions,
                               const ComponentOptions& options);

/// Before anything runs: NotImplemented for what `cluster_rows` does not do.
Status check_clusters(const LinkageJob& job);

}  // namespace linkwright::spark
