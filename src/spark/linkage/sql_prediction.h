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
  /// Over the records as they came: derived columns, term frequencies, and ids in Splink's order. Its rows are read
  /// several times, so they are worth keeping.
  std::string nodes;
  /// Over `nodes` under the name given for them: the columns of predictions.parquet, names, types and order.
  std::string predictions;
};

/// `records` are the columns that the view `records_view` has. The session must have the settings of
/// `kSqlSessionSettings`. What Spark SQL cannot express is refused in one NotImplemented error that names every derived
/// column, blocking rule and level (by comparison) with the function that is missing. Other errors: those of the model
/// and its SQL, as the embedded engine tells them. Pure: runs nothing.
Result<SqlPrediction> sql_prediction(const LinkageJob& job, const arrow::Schema& records,
                                     const std::string& records_view, const std::string& nodes_view);

}  // namespace linkwright::spark
