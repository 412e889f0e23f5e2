#pragma once

#include <arrow/type_fwd.h>

#include <string>

#include "base/status.h"
#include "model/linkage_job.h"

namespace linkwright::spark {

/// The predictions of a job with a trained model as two queries of Spark SQL that use built-in functions only: for
/// clusters that run neither native code nor Python.
struct SqlPrediction {
  /// The records with derived columns behind their own, as clusters show them.
  std::string records;
  /// The id of a record in Splink's order: an expression over its columns.
  std::string id;
  /// All pairs of the job's rules, scored, with the columns of predictions.parquet, names, types and order. Over the
  /// view given for nodes, which are the records with their id as lw_id (kSqlIdColumn), and term frequencies as
  /// `with_term_frequencies` adds them. They are read several times, so they are worth keeping.
  std::string predictions;
  /// Which of them the job keeps: a condition on their columns.
  std::string is_kept;
};

/// `records` are the columns that the view `records_view` has. The session must have the settings of
/// `kSqlSessionSettings`. What Spark SQL cannot express is refused in one NotImplemented error that names every derived
/// column, blocking rule and level (by comparison) with the function that is missing. Other errors: those of the model
/// and its SQL, as the embedded engine tells them. Pure: runs nothing.
Result<SqlPrediction> sql_prediction(const LinkageJob& job, const arrow::Schema& records,
                                     const std::string& records_view, const std::string& nodes_view);

}  // namespace linkwright::spark
