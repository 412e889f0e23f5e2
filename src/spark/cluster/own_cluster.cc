#include "spark/cluster/own_cluster.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "spark/cluster/processes.h"

namespace linkwright::spark {
namespace {

namespace fs = std::filesystem;

/// Waits for the end of its input, then kills what the folder's state names, if there still is a state. $0: the folder,
/// $1: the variable that marks processes.
constexpr char kGuard[] = R"guard(
cat >/dev/null
mark=$(sed -n 's/^ *"mark": "\(.*\)",*$/\1/p' "$0/cluster.json" 2>/dev/null)
[ -n "$mark" ] || exit 0
while pids=$(grep -lsaF "$1=$mark" /proc/[0-9]*/environ | cut -d/ -f3) && [ -n "$pids" ]; do
  kill -KILL $pids 2>/dev/null
done
rm -rf "$0"
)guard";

Result<std::string> make_folder() {
  std::error_code ignored;
  std::string path = (fs::temp_directory_path(ignored) / "linkwright-spark.XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr) return Status::IOError(path, ": cannot be made (", std::strerror(errno), ")");
  return path;
}

/// Starts the guard of a folder; gives the end of the pipe that holds it back.
Result<int> start_guard(const std::string& folder) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return Status::IOError("no pipe: ", std::strerror(errno));
  Launch launch;
  launch.arguments = {"sh", "-c", kGuard, folder, kMarkVariable};
  launch.folder = "/";
  launch.log = "/dev/null";
  launch.input = ends[0];
  const Status status = start_detached(launch).status();
  close(ends[0]);
  if (!status.ok()) close(ends[1]);
  ARROW_RETURN_NOT_OK(status);
  return ends[1];
}

}  // namespace

Result<std::shared_ptr<OwnCluster>> OwnCluster::start(ClusterOptions options) {
  ARROW_ASSIGN_OR_RAISE(options.folder, make_folder());
  ARROW_ASSIGN_OR_RAISE(const int guard_pipe, start_guard(options.folder));
  const std::shared_ptr<OwnCluster> cluster(new OwnCluster(options.folder, guard_pipe));
  ARROW_ASSIGN_OR_RAISE(const ClusterStatus status, start_cluster(options));
  cluster->address_ = status.address;
  cluster->python_version_ = status.python_version;
  return cluster;
}

OwnCluster::~OwnCluster() {
  const Status stopped = stop_cluster(folder_).status();
  if (!stopped.ok()) stopped.Warn();  // the guard goes on trying
  std::error_code ignored;
  if (stopped.ok()) fs::remove_all(folder_, ignored);
  close(guard_pipe_);
}

}  // namespace linkwright::spark
