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
  /// Key "output": a folder ("s3://bucket/run"), or an object with dir, format, predictions and clusters.
  struct Output {
    std::string folder;  // "": the job's
    bool is_delta = false;
    std::string predictions_table;  // "main.crm.links"; "": a folder of files
    std::string clusters_table;

    bool is_of_files() const { return !is_delta && predictions_table.empty() && clusters_table.empty(); }
  };
  Output output;
  std::function<void(const std::string&)> tell;  // what a user should know at once; also in the report; may be none
};

/// Reads it; "" is an empty object. `where` names the job file. Errors: those of a job file, with the nearest key.
Result<SparkOptions> read_spark_options(const std::string& json, const std::string& where);

}  // namespace linkwright::spark
