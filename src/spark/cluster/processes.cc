#include "spark/cluster/processes.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <thread>

namespace linkwright::spark {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLook{20};

/// What posix_spawn wants, as owners.
class SpawnSettings {
 public:
  SpawnSettings() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    sigset_t none, usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD}) sigaddset(&usual, number);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
};

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// This process's environment with some variables set anew, and without others.
std::vector<std::string> environment_with(const Environment& changes, const std::vector<std::string>& without) {
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry, name = text.substr(0, text.find('='));
    const bool is_changed =
        std::any_of(changes.begin(), changes.end(), [&](const auto& change) { return name == change.first; });
    if (!is_changed && std::find(without.begin(), without.end(), name) == without.end()) result.emplace_back(text);
  }
  for (const auto& [name, value] : changes) result.push_back(name + "=" + value);
  return result;
}

Result<int> spawn(const std::vector<std::string>& arguments, std::vector<std::string> variables,
                  const SpawnSettings& settings) {
  std::vector<std::string> texts = arguments;
  const std::vector<char*> argument_pointers = pointers_to(texts), variable_pointers = pointers_to(variables);
  pid_t pid = 0;
  const int error = posix_spawnp(&pid, texts.front().c_str(), &settings.actions, &settings.attributes,
                                 argument_pointers.data(), variable_pointers.data());
  if (error == ENOENT) return Status::NotImplemented(arguments.front(), ": there is no such program");
  if (error != 0) return Status::IOError(arguments.front(), ": cannot be started (", std::strerror(error), ")");
  return pid;
}

/// A file of /proc, whose size is not known before; empty when the process is gone or not ours.
std::string read_proc(int pid, const char* name) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

bool is_zombie(int pid) {
  const std::string text = read_proc(pid, "stat");
  const size_t name_end = text.rfind(')');  // a name may hold anything; the state comes behind it
  return name_end == std::string::npos || name_end + 2 >= text.size() || text[name_end + 2] == 'Z';
}

bool bears(const std::string& mark, const std::string& variables) {
  const std::string entry = std::string(kMarkVariable) + "=" + mark + '\0';
  const size_t at = variables.find(entry);
  return at != std::string::npos && (at == 0 || variables[at - 1] == '\0');
}

}  // namespace

Result<int> start_detached(const Launch& launch) {
  SpawnSettings settings;
  posix_spawnattr_setflags(&settings.attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  if (launch.input >= 0) {
    posix_spawn_file_actions_adddup2(&settings.actions, launch.input, STDIN_FILENO);
  } else {
    posix_spawn_file_actions_addopen(&settings.actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  }
  posix_spawn_file_actions_addopen(&settings.actions, STDOUT_FILENO, launch.log.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                   0600);
  posix_spawn_file_actions_adddup2(&settings.actions, STDOUT_FILENO, STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&settings.actions, STDERR_FILENO + 1);
  posix_spawn_file_actions_addchdir_np(&settings.actions, launch.folder.c_str());
  return spawn(launch.arguments, environment_with(launch.environment, launch.without), settings);
}

Result<std::string> output_of(const std::vector<std::string>& arguments) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    return Status::IOError("no pipe for ", arguments.front(), ": ", std::strerror(errno));
  SpawnSettings settings;
  posix_spawnattr_setflags(&settings.attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawn_file_actions_addopen(&settings.actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&settings.actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&settings.actions, ends[1], STDERR_FILENO);
  const Result<int> pid = spawn(arguments, environment_with({}, {}), settings);
  close(ends[1]);
  std::string output;
  char buffer[4096];
  for (ssize_t got = 1; pid.ok() && got > 0;) {
    do got = read(ends[0], buffer, sizeof(buffer));
    while (got < 0 && errno == EINTR);
    if (got > 0) output.append(buffer, static_cast<size_t>(got));
  }
  close(ends[0]);
  ARROW_RETURN_NOT_OK(pid.status());
  int outcome = 0;
  while (waitpid(*pid, &outcome, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(outcome) || WEXITSTATUS(outcome) != 0) return Status::IOError(arguments.front(), ": ", output);
  return output;
}

std::string find_program(const std::string& name) {
  const char* path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe)
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    std::string program = folder + "/" + name;
    if (!folder.empty() && access(program.c_str(), X_OK) == 0) return program;
  }
  return {};
}

bool is_running(int pid, const std::string& mark) {
  // A process that is just becoming another program shows no environment for a moment, as the kernel's own never do.
  constexpr int kLooks = 50;
  std::string variables;
  for (int i = 0; i < kLooks && variables.empty(); ++i) {
    if (i > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (is_zombie(pid)) return false;
    variables = read_proc(pid, "environ");
  }
  return bears(mark, variables);
}

std::vector<int> processes_with(const std::string& mark) {
  std::vector<int> found;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc", error)) {
    const std::string name = entry.path().filename();
    int pid = 0;
    const auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (failure != std::errc() || end != name.data() + name.size()) continue;
    if (bears(mark, read_proc(pid, "environ")) && !is_zombie(pid)) found.push_back(pid);
  }
  return found;
}

void end_process(int pid, const std::string& mark, std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds kLastWords{500};
  for (const auto& [signal, time] :
       {std::pair(SIGTERM, patience), std::pair(SIGQUIT, std::min(kLastWords, patience))}) {
    if (!is_running(pid, mark)) return;
    kill(pid, signal);
    for (const auto until = Clock::now() + time; Clock::now() < until && is_running(pid, mark);) {
      waitpid(pid, nullptr, WNOHANG);  // our children stay in the table of processes until they are waited for
      std::this_thread::sleep_for(kLook);
    }
  }
  if (is_running(pid, mark)) kill(pid, SIGKILL);
  waitpid(pid, nullptr, WNOHANG);
}

Status end_processes(const std::string& mark, std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds kKillPatience{5'000};
  const auto ask_until = Clock::now() + patience;
  std::set<int> asked;
  // Twice in a row, since one that was just becoming another program is not seen.
  for (int empty_looks = 0; empty_looks < 2;) {
    const std::vector<int> left = processes_with(mark);
    empty_looks = left.empty() ? empty_looks + 1 : 0;
    const auto now = Clock::now();
    if (now > ask_until + kKillPatience) {
      return Status::IOError(left.size(), " processes of the Spark cluster cannot be ended, one of them ",
                             left.front());
    }
    for (const int pid : left) {
      const bool is_new = asked.insert(pid).second;
      if (now >= ask_until) {
        kill(pid, SIGKILL);
      } else if (is_new) {
        kill(pid, SIGTERM);
      }
    }
    std::this_thread::sleep_for(kLook);
    for (const int pid : asked) waitpid(pid, nullptr, WNOHANG);
  }
  return Status::OK();
}

}  // namespace linkwright::spark
