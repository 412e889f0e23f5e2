#pragma once

#include <memory>
#include <string>

#include "base/status.h"
#include "linkwright/spark_cluster.h"

namespace linkwright::spark {

/// A cluster for one session, in a folder of its own: both go with this object. They go as well when the process dies
/// without a word, since a shell waits for the end of a pipe that only this process holds.
class OwnCluster {
 public:
  /// As start_cluster; `options.folder` is not looked at.
  static Result<std::shared_ptr<OwnCluster>> start(ClusterOptions options);
  ~OwnCluster();
  OwnCluster(const OwnCluster&) = delete;
  OwnCluster& operator=(const OwnCluster&) = delete;

  const std::string& address() const { return address_; }
  const std::string& folder() const { return folder_; }
  const std::string& python_version() const { return python_version_; }  // as ClusterStatus

 private:
  OwnCluster(std::string folder, int guard_pipe) : folder_(std::move(folder)), guard_pipe_(guard_pipe) {}

  std::string folder_;
  std::string address_;
  std::string python_version_;
  int guard_pipe_;
};

}  // namespace linkwright::spark
