#pragma once

#include <string>
#include <vector>

#include "linkwright/spark_cluster.h"
#include "spark/cluster/processes.h"
#include "spark/cluster/spark_installation.h"

namespace linkwright::spark {

/// Where the parts of one cluster are: its folder, and ports on the loopback.
struct ClusterPlaces {
  std::string folder;
  std::string master_url;  // of our own master, or the one that the options name
  int master_port = 0;     // of our own master; 0: none
  int master_web_port = 0;
  int server_port = 0;
  std::string mark;  // of all its processes (kMarkVariable)

  std::string log_folder() const { return folder + "/logs"; }
  std::string server_settings_file() const { return folder + "/connect-server.conf"; }
  std::string log_of(const std::string& role) const;  // "worker 1" -> FOLDER/logs/worker-1.log
};

/// What can be said against options before anything starts: sizes, counts, a master that is none of the known kinds,
/// settings that mean nothing for it. Errors name the option and what was expected.
Status check_options(const ClusterOptions& options);

/// The version of the executors' Python, "3.11"; empty where they may run another one than the installation's.
std::string executors_python_version(const SparkInstallation& spark, const ClusterOptions& options);

/// The commands of the roles. They run in the foreground, so their pids are Java's.
Launch master_launch(const SparkInstallation& spark, const ClusterPlaces& places);
Launch worker_launch(const SparkInstallation& spark, const ClusterPlaces& places, const ClusterOptions& options,
                     const std::string& role);
Launch server_launch(const SparkInstallation& spark, const ClusterPlaces& places, const ClusterOptions& options);

/// The settings of the Connect server as the properties file that its launch names: on a command line every user of the
/// machine could read them, and there are keys among them.
std::string server_settings(const ClusterPlaces& places, const ClusterOptions& options);

}  // namespace linkwright::spark
