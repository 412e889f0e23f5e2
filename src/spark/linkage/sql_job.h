#pragma once

#include <arrow/type_fwd.h>

#include <string>

#include "base/status.h"
#include "model/linkage_job.h"
#include "spark/linkage/sql_columns.h"

namespace linkwright::spark {

/// What a job makes of its records before it asks about them, in Spark SQL.
struct SqlJob {
  /// The records with derived columns behind their own, as clusters show them: a query.
  std::string records;
  /// The id of a record in Splink's order: an expression over its columns.
  std::string id;
  /// The columns that the query gives.
  SqlColumns columns;
};

/// `records` are the columns that the view `records_view` has.
///
/// Everything that the job will ask in SQL is looked at: what Spark SQL cannot express is refused in one NotImplemented
/// error that names every derived column, rule of blocking and training, and level (by comparison) with the function
/// that is missing. Only what is asked is refused: the pairs of u and labelled pairs are compared in this process.
/// Other errors: those of the model and its SQL, as the embedded engine tells them. Pure: runs nothing.
Result<SqlJob> sql_job(const LinkageJob& job, const arrow::Schema& records, const std::string& records_view);

}  // namespace linkwright::spark
