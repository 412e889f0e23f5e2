#pragma once

#include <optional>
#include <string>

#include "base/status.h"
#include "engine/run_report.h"
#include "model/linkage_job.h"
#include "spark/linkage/spark_options.h"

namespace linkwright::spark {

/// Runs a whole job on a Spark cluster: reads, trains, predicts, clusters and writes as the embedded engine does, with
/// the same results for any number of partitions. Records stay on the cluster; pairs are made and scored by the native
/// kernel on its executors. model.json and report.json are written by this process, predictions and clusters by Spark:
/// each a folder of files, which gets its name when it is whole where the folder is one of this machine.
/// Where the cluster (or the job) forbids native code, the job runs as Spark SQL, and the report says so and why.
/// Errors: those of the embedded engine; of the connection; NotImplemented for what Spark SQL cannot express.
Result<RunReport> run_job_on_spark(const LinkageJob& job, const SparkOptions& spark, const RunOptions& options);

}  // namespace linkwright::spark
