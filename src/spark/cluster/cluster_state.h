#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "linkwright/spark_cluster.h"
#include "spark/cluster/launch_commands.h"

namespace linkwright::spark {

/// What a folder remembers of the cluster that was started from it: FOLDER/cluster.json, for its owner's eyes only.
struct ClusterState {
  struct Process {
    std::string role;
    int pid = 0;
  };

  ClusterPlaces places;
  nlohmann::ordered_json settings;  // what it was asked to be (settings_to_compare)
  std::vector<Process> processes;
  std::string python_version = {};  // as ClusterStatus

  ClusterStatus status() const;
};

/// The part of options that makes two clusters different ones.
nlohmann::ordered_json settings_to_compare(const ClusterOptions& options, const std::string& spark_home);

/// Nothing when the folder remembers none. Invalid, with the file, when it cannot be read.
Result<std::optional<ClusterState>> read_state(const std::string& folder);
Status write_state(const ClusterState& state);
Status forget_state(const std::string& folder);

/// Writes a file at once or not at all, readable by its owner only.
Status write_private_file(const std::string& path, const std::string& text);

/// While one lives, no other process starts or ends a cluster of the folder, which is made if need be.
class FolderLock {
 public:
  static Result<FolderLock> take(const std::string& folder, const Cancellation* cancellation);
  ~FolderLock();
  FolderLock(FolderLock&& other) noexcept : file_(other.file_) { other.file_ = -1; }
  FolderLock& operator=(FolderLock&&) = delete;

 private:
  explicit FolderLock(int file) : file_(file) {}
  int file_;
};

}  // namespace linkwright::spark
