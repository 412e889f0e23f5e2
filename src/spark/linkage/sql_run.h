#pragma once

#include <optional>
#include <string>

#include "base/status.h"
#include "linkwright/spark.h"
#include "model/linkage_job.h"
#include "spark/linkage/kept_rows.h"
#include "spark/linkage/native_kernel.h"
#include "spark/linkage/scored_rows.h"
#include "spark/linkage/sql_columns.h"

namespace linkwright::spark {

/// A job's records as Spark SQL alone asks about them.
struct SqlNodes {
  Rows records;                  // with derived columns behind their own: what `cluster_rows` takes
  Rows nodes;                    // the same with their ids in Splink's order, and term frequencies
  std::string view;              // of the nodes
  SqlColumns columns;            // of the records
  std::optional<KeptRows> kept;  // the nodes; serverless clusters keep nothing
};

/// Looks at all SQL of the job (see sql_job.h), and makes its records ready for it, lazily: they are computed by the
/// first action that asks for them, and kept.
///
/// `records` has the columns of the job's inputs below each other, typed as the embedded engine reads them, with
/// `source_dataset` where the job links datasets; ids are not null and each occurs once in its dataset. Changes
/// settings of the session (time zone UTC, ANSI casts), which should therefore be the run's own. Errors: those of
/// sql_job, and the server's.
Result<SqlNodes> sql_nodes(const Session& session, const LinkageJob& job, const Rows& records);

/// The predictions of a job with a trained model (see sql_prediction.h), lazily.
///
/// Equal to the embedded engine's but for what Java's regular expressions, logarithms (weights differ by up to 1e-12
/// where term frequencies count) and casts do otherwise; see
/// docs/decisions/0052-spark-sql-where-native-code-is-forbidden.md. Errors: those of sql_prediction, and the server's.
Result<ScoredRows> predict_in_sql(const Session& session, const LinkageJob& job, const SqlNodes& nodes);

}  // namespace linkwright::spark
