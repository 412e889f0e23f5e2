#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "base/cancellation.h"
#include "linkwright/spark_cluster.h"
#include "spark/cluster/cluster_state.h"
#include "spark/cluster/launch_commands.h"
#include "spark/cluster/loopback.h"
#include "spark/cluster/processes.h"
#include "spark/cluster/spark_installation.h"
#include "spark/config/uuid.h"

namespace linkwright::spark {
namespace {

namespace fs = std::filesystem;

constexpr int kUsualPort = 15002;
constexpr int kPortTries = 4;
constexpr std::chrono::milliseconds kStartPatience{180'000}, kQueuePatience{3'600'000};
// A server whose executors are elsewhere has to give them back; one of this machine has nothing that outlives it.
constexpr std::chrono::milliseconds kEndPatience{20'000}, kEndPatienceHere{10'000}, kNoPatience{0};
constexpr std::chrono::milliseconds kIdlePatience{3'000};  // when the server has ended: nobody waits for their work
constexpr char kMaster[] = "master";
constexpr char kServer[] = "connect server";

std::string worker_role(int number) { return "worker " + std::to_string(number); }

/// What a log says of a failure: its lines with errors, or else its end.
std::string troubles_in(const std::string& log) {
  constexpr size_t kLines = 12;
  std::ifstream file(log);
  std::deque<std::string> last, troubles;
  for (std::string line; std::getline(file, line);) {
    const bool is_trace = line.rfind("\tat ", 0) == 0;
    const bool is_trouble = line.find("ERROR") != std::string::npos || line.find("Exception") != std::string::npos ||
                            line.find("Error:") != std::string::npos;
    if (is_trouble && !is_trace && troubles.size() < kLines) troubles.push_back(line);
    if (!is_trace) last.push_back(line);
    if (last.size() > kLines) last.pop_front();
  }
  std::string text;
  for (const std::string& line : troubles.empty() ? last : troubles) text += "\n  " + line;
  return text.empty() ? "\n  (nothing)" : text;
}

/// Starts what is missing of one cluster, step by step.
class Starter {
 public:
  Starter(const ClusterOptions& options, SparkInstallation spark, ClusterState* state)
      : options_(options),
        spark_(std::move(spark)),
        state_(*state),
        patience_(options.start_timeout.value_or(options.master == "yarn" ? kQueuePatience : kStartPatience)),
        end_(std::chrono::steady_clock::now() + patience_) {}

  Status start() {
    const ClusterPlaces& places = state_.places;
    state_.python_version = executors_python_version(spark_, options_);
    if (places.master_port != 0) {
      ARROW_RETURN_NOT_OK(start_role(kMaster, master_launch(spark_, places)));
      ARROW_RETURN_NOT_OK(wait_for("master to listen", [&] { return is_served(places.master_web_port, kMaster); }));
      for (int i = 1; i <= options_.workers; ++i) {
        ARROW_RETURN_NOT_OK(start_role(worker_role(i), worker_launch(spark_, places, options_, worker_role(i))));
      }
    }
    ARROW_RETURN_NOT_OK(write_private_file(places.server_settings_file(), server_settings(places, options_)));
    ARROW_RETURN_NOT_OK(start_role(kServer, server_launch(spark_, places, options_)));
    ARROW_RETURN_NOT_OK(wait_for("Connect server to listen", [&] { return is_served(places.server_port, kServer); }));
    if (places.master_port == 0) return Status::OK();
    return wait_for("workers to register with the master", [&] { return workers_alive() >= options_.workers; });
  }

 private:
  /// Starts a role, unless it runs already.
  Status start_role(const std::string& role, const Launch& launch) {
    auto& processes = state_.processes;
    auto known = std::find_if(processes.begin(), processes.end(), [&](const auto& it) { return it.role == role; });
    if (known != processes.end() && is_running(known->pid, state_.places.mark)) return Status::OK();
    if (known == processes.end()) known = processes.insert(processes.end(), {role, 0});
    ARROW_ASSIGN_OR_RAISE(known->pid, start_detached(launch));
    return write_state(state_);  // at once: what is not remembered cannot be ended by `down`
  }

  Status wait_for(const std::string& what, const std::function<bool()>& is_done) {
    constexpr std::chrono::milliseconds kLook{50};
    while (!is_done()) {
      if (options_.cancellation != nullptr) ARROW_RETURN_NOT_OK(options_.cancellation->check());
      for (const auto& [role, pid] : state_.processes) {
        if (is_running(pid, state_.places.mark)) continue;
        const std::string log = state_.places.log_of(role);
        return Status::IOError("Spark's ", role, " ended while it started. ", log, " says:", troubles_in(log));
      }
      if (std::chrono::steady_clock::now() > end_) {
        return Status::IOError("waited ", patience_.count() / 1000, " s in vain for the ", what, "; its log is in ",
                               state_.places.log_folder(),
                               ". The last lines of the server's:", troubles_in(state_.places.log_of(kServer)));
      }
      std::this_thread::sleep_for(kLook);
    }
    return Status::OK();
  }

  /// Whether a role's process listens, or one that it started: another program, or a worker, may have taken the port
  /// since it was found free.
  bool is_served(int port, const std::string& by_role) const {
    if (!accepts_connections(port)) return false;
    const std::vector<int> ours = processes_with(state_.places.mark);
    return std::any_of(ours.begin(), ours.end(), [&](int pid) {
      const auto is_of_another = [&](const auto& process) { return process.pid == pid && process.role != by_role; };
      return std::none_of(state_.processes.begin(), state_.processes.end(), is_of_another) && listens(pid, port);
    });
  }

  int workers_alive() const {
    const Result<std::string> answer = http_get(state_.places.master_web_port, "/json/");
    if (!answer.ok()) return 0;
    const auto json = nlohmann::json::parse(*answer, nullptr, false);
    return json.is_object() ? json.value("aliveworkers", 0) : 0;
  }

  const ClusterOptions& options_;
  SparkInstallation spark_;
  ClusterState& state_;
  std::chrono::milliseconds patience_;
  std::chrono::steady_clock::time_point end_;
};

/// The port that was asked for, or else `usual` where it is free.
Result<int> server_port_for(const ClusterOptions& options, int usual) {
  ARROW_ASSIGN_OR_RAISE(const int port, free_port(options.port.value_or(usual)));
  if (!options.port || port == *options.port) return port;
  return Status::Invalid("port ", *options.port, " of this machine is taken by another program; leave --port out ",
                         "to get a free one");
}

Result<ClusterState> plan_cluster(const ClusterOptions& options, const std::string& folder,
                                  nlohmann::ordered_json settings) {
  ClusterState state;
  state.settings = std::move(settings);
  ClusterPlaces& places = state.places;
  places.folder = folder;
  places.mark = random_uuid();
  ARROW_ASSIGN_OR_RAISE(places.server_port, server_port_for(options, kUsualPort));
  places.master_url = options.master;
  if (options.master.empty()) {
    ARROW_ASSIGN_OR_RAISE(places.master_port, free_port(0));
    ARROW_ASSIGN_OR_RAISE(places.master_web_port, free_port(0));
    places.master_url = "spark://127.0.0.1:" + std::to_string(places.master_port);
  }
  return state;
}

/// Folders of the cluster; logs and shuffle files of an earlier one are not needed any more.
Status prepare_folder(const ClusterPlaces& places) {
  std::error_code error;
  for (const std::string& folder : {places.log_folder(), places.folder + "/work", places.folder + "/local"}) {
    fs::remove_all(folder, error);
    fs::create_directories(folder, error);
    if (error) return Status::IOError(folder, ": cannot be made (", error.message(), ")");
  }
  return Status::OK();
}

bool runs_here(const ClusterState& state, const std::string& role) {
  return std::any_of(state.processes.begin(), state.processes.end(), [&](const auto& process) {
    return process.role == role && is_running(process.pid, state.places.mark);
  });
}

std::string folder_of(const std::string& folder) {
  std::error_code ignored;
  // Spark's processes work in the folder itself, so a relative path would mean another one to them.
  return fs::absolute(folder.empty() ? default_cluster_folder() : folder, ignored).lexically_normal().string();
}

std::chrono::milliseconds end_patience(const ClusterState& state) {
  const bool is_elsewhere = state.places.master_port == 0 && state.places.master_url.rfind("local", 0) != 0;
  return is_elsewhere ? kEndPatience : kEndPatienceHere;
}

/// Ends the processes, and removes what only they needed. Returns how many there were.
Result<int> end_cluster(const ClusterState& state, std::chrono::milliseconds patience) {
  const ClusterPlaces& places = state.places;
  const auto count = static_cast<int>(processes_with(places.mark).size());
  // The server first: an executor that ends before its application does is started anew by its worker.
  for (const auto& [role, pid] : state.processes) {
    if (role == kServer) end_process(pid, places.mark, patience);
  }
  ARROW_RETURN_NOT_OK(end_processes(places.mark, std::min(patience, kIdlePatience)));
  std::error_code ignored;
  fs::remove_all(places.folder + "/local", ignored);
  fs::remove(places.server_settings_file(), ignored);
  ARROW_RETURN_NOT_OK(forget_state(places.folder));
  return count;
}

/// Starts all of a cluster that was planned, or leaves nothing of it.
Status start_anew(const ClusterOptions& options, const SparkInstallation& spark, ClusterState* state) {
  ARROW_RETURN_NOT_OK(prepare_folder(state->places));
  Status started = Starter(options, spark, state).start();
  if (started.ok()) return started;
  const Status ended =
      end_cluster(*state, kNoPatience).status();  // nobody works with it yet, and who pressed Ctrl-C waits
  return ended.ok() ? started : started.WithMessage(started.message(), "; ", ended.message());
}

/// Whether somebody else took one of the ports between their being found free and our processes' coming to take them.
bool was_forestalled(const Status& started, const ClusterOptions& options, const ClusterPlaces& places) {
  if (!started.IsIOError()) return false;
  const auto is_taken = [](int port) { return port != 0 && free_port(port).ValueOr(0) != port; };
  if (options.port && is_taken(*options.port)) return false;  // no other port will do
  // Who took it may be gone again.
  const bool says_so = started.message().find("BindException") != std::string::npos;
  return says_so || is_taken(places.server_port) || is_taken(places.master_port) || is_taken(places.master_web_port);
}

}  // namespace

bool ClusterStatus::is_running() const {
  return !processes.empty() &&
         std::all_of(processes.begin(), processes.end(), [](const ClusterProcess& it) { return it.is_running; });
}

std::string default_cluster_folder() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
    return std::string(value == nullptr ? "" : value);
  };
  const std::string state = variable("XDG_STATE_HOME"), home = variable("HOME");
  if (!state.empty()) return state + "/linkwright/spark";
  if (!home.empty()) return home + "/.local/state/linkwright/spark";
  return "/tmp/linkwright-spark-" + std::to_string(getuid());
}

Result<ClusterStatus> start_cluster(const ClusterOptions& options) {
  ARROW_RETURN_NOT_OK(check_options(options));
  ARROW_ASSIGN_OR_RAISE(SparkInstallation spark, find_spark(options.spark_home));
  const std::string folder = folder_of(options.folder);
  ARROW_ASSIGN_OR_RAISE(const FolderLock lock, FolderLock::take(folder, options.cancellation));
  const nlohmann::ordered_json settings = settings_to_compare(options, spark.home);
  ARROW_ASSIGN_OR_RAISE(std::optional<ClusterState> state, read_state(folder));
  const bool lives = state && (runs_here(*state, kServer) || runs_here(*state, kMaster));
  if (lives && state->settings != settings) {
    return Status::Invalid("a Spark cluster with other settings runs at ", state->status().address, " from ", folder,
                           "; end it with `linkwright spark down`, or start this one with another --folder");
  }
  // Workers and server can be started again beside a master, but no master to workers that it does not know.
  if (lives && (state->places.master_port == 0 || runs_here(*state, kMaster))) {
    if (!runs_here(*state, kServer)) {
      ARROW_ASSIGN_OR_RAISE(state->places.server_port, server_port_for(options, state->places.server_port));
    }
    ARROW_RETURN_NOT_OK(Starter(options, std::move(spark), &*state).start());
    return state->status();
  }
  if (state) ARROW_RETURN_NOT_OK(end_cluster(*state, end_patience(*state)).status());
  for (int tries = 1;; ++tries) {
    ARROW_ASSIGN_OR_RAISE(state, plan_cluster(options, folder, settings));
    const Status started = start_anew(options, spark, &*state);
    if (started.ok()) return state->status();
    if (tries == kPortTries || !was_forestalled(started, options, state->places)) return started;
  }
}

Result<std::optional<ClusterStatus>> find_cluster(const std::string& folder) {
  ARROW_ASSIGN_OR_RAISE(const std::optional<ClusterState> state, read_state(folder_of(folder)));
  if (!state) return std::nullopt;
  return state->status();
}

Result<int> stop_cluster(const std::string& folder) {
  const std::string path = folder_of(folder);
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return 0;
  ARROW_ASSIGN_OR_RAISE(const FolderLock lock, FolderLock::take(path, nullptr));
  ARROW_ASSIGN_OR_RAISE(const std::optional<ClusterState> state, read_state(path));
  if (!state) return 0;
  return end_cluster(*state, end_patience(*state));
}

}  // namespace linkwright::spark
