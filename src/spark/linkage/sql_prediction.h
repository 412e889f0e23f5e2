#pragma once

#include <string>

#include "base/status.h"
#include "model/linkage_job.h"
#include "spark/linkage/sql_columns.h"
#include "spark/linkage/sql_refusals.h"

namespace linkwright::spark {

/// The predictions of a job as a query of Spark SQL that uses built-in functions only: for clusters that run neither
/// native code nor Python.
struct SqlPrediction {
  /// All pairs of the job's rules, scored, with the columns of predictions.parquet, names, types and order. Over the
  /// view given for nodes, which are the records with their id as lw_id (kSqlIdColumn), and term frequencies as
  /// `with_term_frequencies` adds them. They are read several times, so they are worth keeping.
  std::string predictions;
  /// Which of them the job keeps: a condition on their columns.
  std::string is_kept;
};

/// `columns` are those of the records, derived ones among them (SqlJob). What Spark SQL cannot express is noted in
/// `refusals`, and the query is not to be run then. Errors: those of the model and its SQL, as the embedded engine
/// tells them. Pure: runs nothing.
Result<SqlPrediction> sql_prediction(const LinkageJob& job, const SqlColumns& columns, const std::string& nodes_view,
                                     SqlRefusals* refusals);

}  // namespace linkwright::spark
