#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "linkwright/spark_cluster.h"
#include "linkwright/spark_connection.h"

namespace linkwright::spark {

/// Whether the native library is sent to the executors.
enum class NativeUse {
  kAuto,      // where the cluster forbids it, the job runs as Spark SQL
  kNever,     // the job runs as Spark SQL
  kRequired,  // where the cluster forbids it, the job fails
};

/// The object under "engine": {"spark": ...} of a job.
struct SparkOptions {
  ConnectionRequest connection;                           // keys "remote", "profile", "cluster_id"
  ClusterOptions local;                                   // of a server that is started for this run: "master" ...
  std::optional<int> partitions;                          // of records by their blocks; none: from their number
  std::vector<std::pair<std::string, std::string>> conf;  // settings of the session, or of the server started for it
  NativeUse native = NativeUse::kAuto;                    // key "native": "auto", "never", "required"
  std::string kernel;                                     // the native library; "": beside the program
  std::string output;  // where Spark writes, when that is not the job's folder: "s3://bucket/run"
  std::function<void(const std::string&)> tell;  // what a user should know at once; also in the report; may be none
};

/// Reads it; "" is an empty object. `where` names the job file. Errors: those of a job file, with the nearest key.
Result<SparkOptions> read_spark_options(const std::string& json, const std::string& where);

}  // namespace linkwright::spark
