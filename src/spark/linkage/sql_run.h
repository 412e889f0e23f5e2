#pragma once

#include <optional>

#include "base/status.h"
#include "linkwright/spark.h"
#include "model/linkage_job.h"
#include "spark/linkage/kept_rows.h"
#include "spark/linkage/native_kernel.h"
#include "spark/linkage/scored_rows.h"

namespace linkwright::spark {

struct SqlPredictions {
  Rows records;                  // with derived columns behind their own: what `cluster_rows` takes
  ScoredRows predictions;        // with the columns of predictions.parquet
  std::optional<KeptRows> kept;  // what they are read from; serverless clusters keep nothing
};

/// The predictions of a job with a trained model, by Spark SQL alone (see sql_prediction.h), lazily: rows are computed
/// by the action that asks for them.
///
/// `records` has the columns of the job's inputs below each other, typed as the embedded engine reads them, with
/// `source_dataset` where the job links datasets; ids are not null and each occurs once in its dataset. Changes
/// settings of the session (time zone UTC, ANSI casts), which should therefore be the run's own.
///
/// Equal to the embedded engine's but for what Java's regular expressions, logarithms (weights differ by up to 1e-12
/// where term frequencies count) and casts do otherwise; see
/// docs/decisions/0052-spark-sql-where-native-code-is-forbidden.md. Errors: those of sql_prediction, and the server's.
Result<SqlPredictions> predict_in_sql(const Session& session, const LinkageJob& job, const Rows& records);

}  // namespace linkwright::spark
