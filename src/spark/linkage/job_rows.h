#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "engine/run_context.h"
#include "engine/run_report.h"
#include "linkwright/spark.h"
#include "model/linkage_job.h"
#include "spark/linkage/kept_rows.h"
#include "spark/linkage/native_kernel.h"
#include "spark/linkage/packed_rows.h"

namespace linkwright::spark {

/// A job's records on the cluster.
struct JobRows {
  Rows all;      // every column of the inputs, with the column of datasets where the job has several; then derived ones
  Rows working;  // those that the job works on, derived ones among them
  LinkageJob job;  // as the kernel gets it: without training, and its derived columns are columns of `working`
  std::vector<std::pair<std::string, uint64_t>> sources;  // datasets and how many records each has
  uint64_t num_rows = 0;
  SurveyedRows surveyed;       // none where Spark SQL does the work
  std::vector<KeptRows> kept;  // what is read of these again and again
};

/// Reads a job's inputs where they are: Parquet, Delta and tables by Spark; CSV and JSON files by the embedded engine's
/// readers, which send them to the cluster, so that types and nulls are the same on both engines. Derived columns are
/// computed and records surveyed, which runs a query. Without a kernel (null) there are no derived columns yet. Fills
/// in `report`'s inputs and records.
///
/// Errors are those of the embedded engine: a missing column, datasets that differ, a null or repeated id; with a
/// kernel a repeated one is found where records meet.
Result<JobRows> read_job_rows(const LinkageJob& job, const Session& session, const NativeKernel* kernel,
                              const RunOptions& options, RunContext& context, RunReport* report);

/// Some columns of records, with those that name a record: fewer columns travel faster.
Rows with_columns(const Rows& rows, const std::vector<std::string>& columns, const LinkageModel& model);

/// The columns that a job works on.
Result<Rows> rows_for(const LinkageJob& job, const Rows& rows);

}  // namespace linkwright::spark
