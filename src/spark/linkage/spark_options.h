#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "linkwright/spark_cluster.h"
#include "linkwright/spark_connection.h"

namespace linkwright::spark {

/// The object under "engine": {"spark": ...} of a job.
struct SparkOptions {
  ConnectionRequest connection;                           // keys "remote", "profile", "cluster_id"
  ClusterOptions local;                                   // of a server that is started for this run: "master" ...
  std::optional<int> partitions;                          // of records by their blocks; none: from their number
  std::vector<std::pair<std::string, std::string>> conf;  // settings of the session, or of the server started for it
  std::string kernel;                                     // the native library; "": beside the program
  std::string output;  // where Spark writes, when that is not the job's folder: "s3://bucket/run"
};

/// Reads it; "" is an empty object. `where` names the job file. Errors: those of a job file, with the nearest key.
Result<SparkOptions> read_spark_options(const std::string& json, const std::string& where);

}  // namespace linkwright::spark
