#include "spark/cluster/cluster_state.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "base/cancellation.h"

namespace linkwright::spark {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::string state_file(const std::string& folder) { return folder + "/cluster.json"; }

Json to_json(const ClusterState& state) {
  Json processes = Json::array();
  for (const auto& process : state.processes) processes.push_back({{"role", process.role}, {"pid", process.pid}});
  const ClusterPlaces& places = state.places;
  return {{"address", "sc://127.0.0.1:" + std::to_string(places.server_port)},
          {"master", places.master_url},
          {"master_port", places.master_port},
          {"master_web_port", places.master_web_port},
          {"server_port", places.server_port},
          {"mark", places.mark},
          {"processes", std::move(processes)},
          {"python_version", state.python_version},
          {"settings", state.settings}};
}

ClusterState from_json(const Json& json, const std::string& folder) {
  ClusterState state;
  state.places.folder = folder;
  state.places.master_url = json.at("master");
  state.places.master_port = json.at("master_port");
  state.places.master_web_port = json.at("master_web_port");
  state.places.server_port = json.at("server_port");
  state.places.mark = json.at("mark");
  for (const Json& process : json.at("processes")) state.processes.push_back({process.at("role"), process.at("pid")});
  state.settings = json.at("settings");
  state.python_version = json.value("python_version", "");
  return state;
}

}  // namespace

ClusterStatus ClusterState::status() const {
  ClusterStatus result;
  result.address = "sc://127.0.0.1:" + std::to_string(places.server_port);
  result.master = places.master_url;
  result.folder = places.folder;
  result.python_version = python_version;
  for (const auto& [role, pid] : processes) {
    result.processes.push_back({role, pid, is_running(pid, places.mark), places.log_of(role)});
  }
  return result;
}

Json settings_to_compare(const ClusterOptions& options, const std::string& spark_home) {
  const auto count = [](std::optional<int> value) { return value ? Json(*value) : Json(); };
  const bool is_own = options.master.empty();
  Json conf = Json::object();
  for (const auto& [name, value] : options.conf) conf[name] = value;
  return {{"spark_home", spark_home},
          {"master", options.master},
          {"workers", is_own ? options.workers : 0},
          {"cores", is_own ? options.cores : 0},
          {"memory", is_own ? options.memory : ""},
          {"port", count(options.port)},
          {"executor_memory", options.executor_memory},
          {"driver_memory", options.driver_memory},
          {"num_executors", count(options.num_executors)},
          {"executor_cores", count(options.executor_cores)},
          {"shuffle_partitions", count(options.shuffle_partitions)},
          {"local_dir", options.local_dir},
          {"conf", std::move(conf)}};
}

Result<std::optional<ClusterState>> read_state(const std::string& folder) {
  std::ifstream file(state_file(folder), std::ios::binary);
  if (!file) return std::nullopt;
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  try {
    return from_json(Json::parse(text), folder);
  } catch (const Json::exception& error) {
    return Status::Invalid(state_file(folder), ": is not what `linkwright spark up` wrote (", error.what(),
                           "); remove it after ending the processes that it names");
  }
}

Status write_private_file(const std::string& path, const std::string& text) {
  const std::string draft = path + ".part";
  const int file = open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool written = file >= 0;
  for (size_t at = 0; written && at < text.size();) {
    const ssize_t some = write(file, text.data() + at, text.size() - at);
    written = some > 0;
    if (written) at += static_cast<size_t>(some);
  }
  const int error = errno;
  if (file >= 0 && close(file) != 0) written = false;
  if (!written || rename(draft.c_str(), path.c_str()) != 0) {
    const std::string reason = std::strerror(written ? errno : error);
    unlink(draft.c_str());
    return Status::IOError(path, ": cannot be written (", reason, ")");
  }
  return Status::OK();
}

Status write_state(const ClusterState& state) {
  return write_private_file(state_file(state.places.folder), to_json(state).dump(2) + "\n");
}

Status forget_state(const std::string& folder) {
  std::error_code error;
  fs::remove(state_file(folder), error);
  return error ? Status::IOError(state_file(folder), ": cannot be removed (", error.message(), ")") : Status::OK();
}

Result<FolderLock> FolderLock::take(const std::string& folder, const Cancellation* cancellation) {
  constexpr std::chrono::milliseconds kLook{50};
  std::error_code error;
  fs::create_directories(folder, error);
  const std::string path = folder + "/lock";
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return Status::IOError(path, ": cannot be opened (", std::strerror(errno), ")");
  FolderLock lock(file);
  while (flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) {
      return Status::IOError(path, ": cannot be locked (", std::strerror(errno), ")");
    }
    if (cancellation != nullptr) ARROW_RETURN_NOT_OK(cancellation->check());
    std::this_thread::sleep_for(kLook);
  }
  return lock;
}

FolderLock::~FolderLock() {
  if (file_ >= 0) close(file_);
}

}  // namespace linkwright::spark
