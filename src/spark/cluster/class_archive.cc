#include "spark/cluster/class_archive.h"

#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>
#include <utility>
#include <vector>

#include "base/cancellation.h"
#include "spark/cluster/cluster_state.h"
#include "spark/cluster/own_cluster.h"
#include "spark/cluster/processes.h"
#include "spark/config/uuid.h"

namespace linkwright::spark {
namespace {

namespace fs = std::filesystem;

constexpr char kEnding[] = ".jsa";
constexpr std::chrono::minutes kDumpPatience{5};

std::string path_start(const SparkInstallation& spark) {
  return spark.home + "/linkwright-classes-" + spark.java_build + "-";
}

std::string path_of(const SparkInstallation& spark, uintmax_t bytes) {
  return path_start(spark) + std::to_string(bytes) + kEnding;
}

/// All files that bear an archive's name for this Java, of whatever size and age.
std::vector<std::string> archives_of(const SparkInstallation& spark) {
  const std::string start = path_start(spark);
  std::vector<std::string> found;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(spark.home, ignored)) {
    std::string path = spark.home + "/" + entry.path().filename().string();
    if (path.rfind(start, 0) == 0 && path.ends_with(kEnding)) found.push_back(std::move(path));
  }
  std::sort(found.begin(), found.end());
  return found;
}

bool is_usable(const SparkInstallation& spark, const std::string& archive) {
  std::error_code missing;
  const auto bytes = fs::file_size(archive, missing);
  if (missing || archive != path_of(spark, bytes)) return false;
  const auto made = fs::last_write_time(archive, missing);
  if (missing) return false;
  const auto changed = fs::last_write_time(spark.home + "/jars", missing);
  return !missing && made >= changed;
}

/// A word of Spark's lists of options, which are split as a shell does.
std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + "\"";
}

/// A file that goes unless it got its name.
class Draft {
 public:
  explicit Draft(const SparkInstallation& spark) : path_(path_start(spark) + random_uuid() + ".part") {}
  ~Draft() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  const std::string& path() const { return path_; }

  Status check_folder() const {
    std::ofstream file(path_);
    if (file) return Status::OK();
    return Status::IOError(path_, ": cannot be made (", std::strerror(errno),
                           "); the archive of Spark's classes lies in Spark's own folder, so let its owner make it");
  }

 private:
  std::string path_;
};

/// Ends the server by itself, since a JVM that is killed leaves no archive.
Status end_server(const OwnCluster& cluster, const Cancellation* cancellation) {
  ARROW_ASSIGN_OR_RAISE(const auto state, read_state(cluster.folder()));
  if (!state || state->processes.empty()) return Status::IOError(cluster.folder(), ": the server has ended already");
  const int pid = state->processes.back().pid;
  const std::string& mark = state->places.mark;
  const auto until = std::chrono::steady_clock::now() + kDumpPatience;
  kill(pid, SIGTERM);
  while (is_running(pid, mark)) {
    if (cancellation != nullptr) ARROW_RETURN_NOT_OK(cancellation->check());
    if (std::chrono::steady_clock::now() > until) {
      return Status::IOError("Java did not write the archive of Spark's classes within ", kDumpPatience.count(),
                             " minutes");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return Status::OK();
}

Status write_archive(const std::string& path, ClusterOptions options, const ServerUse& use) {
  options.master = "local[2]";
  options.conf.emplace_back("spark.ui.enabled", "false");
  options.conf.emplace_back("spark.driver.extraJavaOptions", "-XX:ArchiveClassesAtExit=" + quoted(path));
  const Cancellation* cancellation = options.cancellation;
  ARROW_ASSIGN_OR_RAISE(const auto cluster, OwnCluster::start(std::move(options)));
  ARROW_RETURN_NOT_OK(use(cluster->address(), cluster->folder()));
  return end_server(*cluster, cancellation);
}

/// Whether a JVM with Spark's classes starts from the archive. The variable is the one that servers get it by.
Status try_archive(const SparkInstallation& spark, const std::string& archive) {
  return output_of({"env", "SPARK_HOME=" + spark.home, "SPARK_SUBMIT_OPTS=" + class_archive_option(archive),
                    spark.home + "/bin/spark-submit", "--version"})
      .status();
}

}  // namespace

std::string find_class_archive(const SparkInstallation& spark) {
  if (spark.java_build.empty()) return "";
  for (const std::string& archive : archives_of(spark)) {
    if (is_usable(spark, archive)) return archive;
  }
  return "";
}

std::string class_archive_option(const std::string& archive) {
  return archive.empty() ? "" : "-XX:SharedArchiveFile=" + quoted(archive);
}

Result<std::string> make_class_archive(const ClusterOptions& options, const ServerUse& use) {
  ARROW_ASSIGN_OR_RAISE(const SparkInstallation spark, find_spark(options.spark_home));
  if (std::string archive = find_class_archive(spark); !archive.empty()) return archive;
  if (spark.java_build.empty()) return Status::NotImplemented("this Java does not say which build it is");
  const Draft draft(spark);
  ARROW_RETURN_NOT_OK(draft.check_folder());
  const std::vector<std::string> old = archives_of(spark);
  ARROW_RETURN_NOT_OK(write_archive(draft.path(), options, use));
  std::error_code error;
  const auto bytes = fs::file_size(draft.path(), error);
  if (error || bytes == 0) {
    return Status::NotImplemented("Java ", spark.java_build, " made no archive of Spark's classes; Spark starts as it ",
                                  "did, without one");
  }
  ARROW_RETURN_NOT_OK(try_archive(spark, draft.path()));
  const std::string archive = path_of(spark, bytes);
  fs::rename(draft.path(), archive, error);
  if (error) return Status::IOError(archive, ": cannot get its name (", error.message(), ")");
  for (const std::string& path : old) {
    if (path != archive) fs::remove(path, error);
  }
  return archive;
}

}  // namespace linkwright::spark
