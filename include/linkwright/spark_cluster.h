#pragma once

// Spark on this machine: starts, finds and ends a standalone cluster or a single Spark Connect server, and opens
// sessions wherever Spark is. Linux only. What runs is told by a mark in the environment of every process, so nothing
// but what was started here is ever ended, whatever became of process numbers.

#include <arrow/result.h>
#include <arrow/status.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "linkwright/spark.h"
#include "linkwright/spark_connection.h"

namespace linkwright::spark {

/// What is to be started, and with which settings of Spark. Sizes are Spark's: "512m", "4g".
struct ClusterOptions {
  /// Empty: a standalone cluster of our own, master and workers on this machine. Otherwise only a Connect server is
  /// started, through spark-submit, for this master: "local[*]", "spark://host:7077" or "yarn".
  std::string master = {};
  int workers = 2;            // of our own cluster
  int cores = 1;              // of each worker
  std::string memory = "1g";  // of each worker
  /// Of the Connect server, on this machine's loopback. None: 15002, or another when that is taken.
  std::optional<int> port = std::nullopt;
  std::string folder = {};      // for state, logs and shuffle files; empty: default_cluster_folder()
  std::string spark_home = {};  // empty: SPARK_HOME, or a Python with pyspark (docs/spark.md)
  std::string executor_memory = {};
  std::string driver_memory = {};
  std::optional<int> num_executors = std::nullopt;
  std::optional<int> executor_cores = std::nullopt;
  std::optional<int> shuffle_partitions = std::nullopt;
  std::string local_dir = {};                                  // for shuffle files; empty: inside the folder
  std::vector<std::pair<std::string, std::string>> conf = {};  // any other setting; wins over all of the above
  /// For how long the server may take to listen. None: three minutes, or an hour on YARN, whose queues it waits in.
  std::optional<std::chrono::milliseconds> start_timeout = std::nullopt;
  const Cancellation* cancellation = nullptr;  // not owned
};

struct ClusterProcess {
  std::string role;  // "master", "worker 1", "connect server"
  int pid = 0;
  bool is_running = false;
  std::string log;  // file
};

struct ClusterStatus {
  std::string address;  // "sc://127.0.0.1:15002"
  std::string master;   // "spark://127.0.0.1:41234" of our own cluster
  std::string folder;
  std::vector<ClusterProcess> processes;
  std::string python_version = {};  // "3.11", of the executors; empty: only they know

  bool is_running() const;  // whether all of its processes are
};

/// $XDG_STATE_HOME/linkwright/spark, or ~/.local/state/linkwright/spark.
std::string default_cluster_folder();

/// Starts a cluster and waits until it takes work. Called again with the same settings it starts only what has died
/// since, or nothing. The processes outlive the caller. Errors: Java or Spark is missing (with how to get them),
/// another cluster runs from this folder, a port is taken, a process ended while it started (with what its log says);
/// nothing that this call started is left then. Safe to be called by several processes at once.
arrow::Result<ClusterStatus> start_cluster(const ClusterOptions& options);

/// The cluster of a folder, running or partly dead; nothing when there is none.
arrow::Result<std::optional<ClusterStatus>> find_cluster(const std::string& folder = default_cluster_folder());

/// Ends all processes of the cluster of a folder and removes its shuffle files; logs and tables stay. Returns how many
/// processes were ended; 0 when there was no cluster.
arrow::Result<int> stop_cluster(const std::string& folder = default_cluster_folder());

/// A session of the server that the caller, the environment or .env names (resolve_connection); else of the cluster of
/// `local.folder` that runs (`linkwright spark up`); else of the Databricks profile DEFAULT; else of a server for this
/// session alone, started with `local` (master local[*] when it names none), which ends with the last handle of the
/// session. A `local.master` beside a request that names nothing goes straight to the last of these, and
/// `request.force_local` leaves out all that is remote.
arrow::Result<Session> open_session(const ConnectionRequest& request, const ClusterOptions& local = {},
                                    const SessionOptions& options = {});

/// A session by open_session's order: of a Databricks profile when one is given; on this machine with `force_local`.
arrow::Result<Session> get_session(const std::optional<std::string>& profile = std::nullopt, bool force_local = false,
                                   const SessionOptions& options = {});

/// A session of a cluster of Databricks; what is not given comes from environment, .env and profile. Never local:
/// an error says what is missing.
arrow::Result<Session> connect(const std::optional<std::string>& cluster_id = std::nullopt,
                               const std::optional<std::string>& profile = std::nullopt,
                               const std::optional<std::string>& host = std::nullopt,
                               const std::optional<std::string>& token = std::nullopt,
                               const SessionOptions& options = {});

}  // namespace linkwright::spark
