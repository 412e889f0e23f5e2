#include "spark/cluster/launch_commands.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "base/ascii.h"
#include "spark/cluster/class_archive.h"

namespace linkwright::spark {
namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

constexpr char kLoopback[] = "127.0.0.1";

// Java compiles what runs often a second time, which takes processors from tasks: it is to begin ten times later
// (docs/decisions/0069-java-compiles-later.md).
constexpr char kLateCompiler[] =
    "-XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000 -XX:Tier4CompileThreshold=150000 "
    "-XX:Tier4BackEdgeThreshold=400000";

bool starts_with(const std::string& text, std::string_view start) { return text.rfind(start, 0) == 0; }
bool is_local(const std::string& master) { return master == "local" || starts_with(master, "local["); }
bool is_this_machine(const ClusterOptions& options) { return options.master.empty() || is_local(options.master); }

/// A Python in an archive that YARN unpacks in each container's folder: PYSPARK_PYTHON=./env/bin/python. Workers start
/// in folders of their sessions, where such a path leads nowhere, so it is found along PATH.
std::optional<std::filesystem::path> packed_python(const ClusterOptions& options) {
  const char* python = std::getenv("PYSPARK_PYTHON");  // NOLINT(concurrency-mt-unsafe)
  if (options.master != "yarn" || python == nullptr) return std::nullopt;
  const auto path = std::filesystem::path(python).lexically_normal();
  if (path.is_absolute() || !path.has_parent_path()) return std::nullopt;
  return path;
}

/// Whether a text is a size in Spark's words: 512m, 4g.
bool is_size(const std::string& text) {
  const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::string unit = to_lower(text.substr(digits));
  const bool is_unit = unit == "k" || unit == "m" || unit == "g" || unit == "t";
  return digits > 0 && text.find_first_not_of('0') < digits && is_unit;
}

Status check_size(const std::string& option, const std::string& value) {
  if (value.empty() || is_size(value)) return Status::OK();
  return Status::Invalid(option, ": expected a size such as 512m or 4g, got '", value, "'");
}

Status check_count(const std::string& option, std::optional<int> value, int highest) {
  if (!value || (*value >= 1 && *value <= highest)) return Status::OK();
  return Status::Invalid(option, ": expected a whole number from 1 to ", highest, ", got ", *value);
}

/// Without these files Spark would look for YARN on this machine, for a quarter of an hour.
Status check_hadoop_folders() {
  std::string looked_at;
  for (const char* name : {"HADOOP_CONF_DIR", "YARN_CONF_DIR"}) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
    if (value == nullptr || *value == '\0') continue;
    std::error_code ignored;
    if (std::filesystem::exists(std::filesystem::path(value) / "yarn-site.xml", ignored)) return Status::OK();
    looked_at += std::string(looked_at.empty() ? "" : ", and ") + name + "=" + value + " has no yarn-site.xml";
  }
  return Status::Invalid("master yarn: set HADOOP_CONF_DIR to the folder of the cluster's Hadoop configuration",
                         looked_at.empty() ? "" : "; " + looked_at);
}

Status check_master(const ClusterOptions& options) {
  const std::string& master = options.master;
  if (master.empty() || is_local(master) || starts_with(master, "spark://")) return Status::OK();
  if (master == "yarn") {
    return check_hadoop_folders();
  }
  if (starts_with(master, "sc://")) {
    return Status::Invalid("master '", master, "' is the address of a running server: give it as --remote, nothing ",
                           "needs to be started");
  }
  return Status::Invalid("master '", master, "': expected local[*], local[N], spark://HOST:PORT or yarn");
}

void set_up_roles(const SparkInstallation& spark, const ClusterPlaces& places, bool is_this_machine, Launch* launch) {
  launch->folder = places.folder;
  launch->environment.emplace_back(kMarkVariable, places.mark);
  launch->environment.emplace_back("SPARK_HOME", spark.home);
  launch->without = {
      "SPARK_REMOTE"};  // of our clients; spark-submit takes it for its own, and refuses a master beside it
  if (!is_this_machine) return;
  launch->environment.emplace_back("SPARK_LOCAL_IP", kLoopback);
  if (spark.python.empty()) return;
  launch->environment.emplace_back("PYSPARK_PYTHON", spark.python);
  launch->environment.emplace_back("PYSPARK_DRIVER_PYTHON", spark.python);
}

/// The settings that options stand for, in the order in which later ones win.
Settings settings_of(const ClusterPlaces& places, const ClusterOptions& options) {
  Settings settings = {
      {"spark.connect.grpc.binding.address", kLoopback},
      {"spark.connect.grpc.binding.port", std::to_string(places.server_port)},
      {"spark.local.dir", options.local_dir.empty() ? places.folder + "/local" : options.local_dir},
  };
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) settings.emplace_back(name, value);
  };
  const auto text = [](std::optional<int> value) { return value ? std::to_string(*value) : std::string(); };
  const bool is_own = options.master.empty();
  if (is_this_machine(options)) {
    add("spark.sql.warehouse.dir", places.folder + "/warehouse-" + places.mark.substr(0, 8));
  } else {
    // Executors inherit nothing from this program, see allocator.h; a cluster says itself where its tables are.
    add("spark.executorEnv.ARROW_DEFAULT_MEMORY_POOL", "system");
  }
  // Ships PySpark, which YARN's executors have nowhere: Spark does so by itself for programs in Python alone.
  if (options.master == "yarn") add("spark.yarn.isPython", "true");
  if (const auto python = packed_python(options)) {
    // YARN knows {{PWD}}; it starts a container by what is along this PATH as well, which has to be all of it.
    add("spark.executorEnv.PATH", "{{PWD}}/" + python->parent_path().string() + ":/usr/local/bin:/usr/bin:/bin");
  }
  add("spark.executor.memory", is_own && options.executor_memory.empty() ? options.memory : options.executor_memory);
  add("spark.driver.memory", options.driver_memory);
  add("spark.executor.instances", text(options.num_executors));
  add("spark.executor.cores", text(options.executor_cores));
  // A standalone master counts cores, not executors.
  const bool is_standalone = is_own || starts_with(options.master, "spark://");
  if (is_standalone && options.num_executors) {
    const int cores = options.executor_cores.value_or(is_own ? options.cores : 1);
    add("spark.executor.cores", std::to_string(cores));
    add("spark.cores.max", std::to_string(*options.num_executors * cores));
  }
  add("spark.sql.shuffle.partitions", text(options.shuffle_partitions));
  settings.insert(settings.end(), options.conf.begin(), options.conf.end());
  return settings;
}

/// What the server's JVM gets, the user's last, so that theirs win. Not spark.driver.extraJavaOptions, which are the
/// user's and come behind all of these.
std::string server_java_options(const SparkInstallation& spark, const ClusterOptions& options) {
  const char* given = std::getenv("SPARK_SUBMIT_OPTS");  // NOLINT(concurrency-mt-unsafe)
  std::string result;
  for (const std::string& option :
       {class_archive_option(find_class_archive(spark)), std::string(is_this_machine(options) ? kLateCompiler : ""),
        std::string(given == nullptr ? "" : given)}) {
    if (!result.empty() && !option.empty()) result += ' ';
    result += option;
  }
  return result;
}

/// As java.util.Properties reads it back.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '\n') {
      result += "\\n";
    } else {
      if (c == '\\' || c == ' ' || c == ':' || c == '=' || c == '#' || c == '!') result += '\\';
      result += c;
    }
  }
  return result;
}

}  // namespace

std::string ClusterPlaces::log_of(const std::string& role) const {
  std::string name = role;
  std::replace(name.begin(), name.end(), ' ', '-');
  return log_folder() + "/" + name + ".log";
}

Status check_options(const ClusterOptions& options) {
  constexpr int kMany = 100'000;
  ARROW_RETURN_NOT_OK(check_master(options));
  ARROW_RETURN_NOT_OK(check_count("workers", options.workers, 1'000));
  ARROW_RETURN_NOT_OK(check_count("cores", options.cores, 10'000));
  ARROW_RETURN_NOT_OK(check_count("num_executors", options.num_executors, kMany));
  ARROW_RETURN_NOT_OK(check_count("executor_cores", options.executor_cores, 10'000));
  ARROW_RETURN_NOT_OK(check_count("shuffle_partitions", options.shuffle_partitions, 10'000'000));
  ARROW_RETURN_NOT_OK(check_count("port", options.port, 65'535));
  ARROW_RETURN_NOT_OK(check_size("memory", options.memory));
  ARROW_RETURN_NOT_OK(check_size("executor_memory", options.executor_memory));
  ARROW_RETURN_NOT_OK(check_size("driver_memory", options.driver_memory));
  const bool is_for_executors = !options.executor_memory.empty() || options.num_executors || options.executor_cores;
  if (is_local(options.master) && is_for_executors) {
    return Status::Invalid("master ", options.master, " has no executors: give driver_memory instead of ",
                           "executor_memory, and the number of threads in the master, as in local[4]");
  }
  for (const auto& [name, value] : options.conf) {
    if (name.empty()) return Status::Invalid("conf: expected NAME=VALUE, got '=", value, "'");
  }
  return Status::OK();
}

std::string executors_python_version(const SparkInstallation& spark, const ClusterOptions& options) {
  const auto names_python = [](const auto& setting) {
    return to_lower(setting.first).find("pyspark") != std::string::npos;
  };
  const bool is_ours = is_this_machine(options) && std::none_of(options.conf.begin(), options.conf.end(), names_python);
  return is_ours ? spark.python_version : "";
}

Launch master_launch(const SparkInstallation& spark, const ClusterPlaces& places) {
  Launch launch;
  launch.arguments = {spark.home + "/bin/spark-class",
                      "org.apache.spark.deploy.master.Master",
                      "--host",
                      kLoopback,
                      "--port",
                      std::to_string(places.master_port),
                      "--webui-port",
                      std::to_string(places.master_web_port)};
  launch.log = places.log_of("master");
  set_up_roles(spark, places, true, &launch);
  return launch;
}

Launch worker_launch(const SparkInstallation& spark, const ClusterPlaces& places, const ClusterOptions& options,
                     const std::string& role) {
  Launch launch;
  launch.arguments = {spark.home + "/bin/spark-class",
                      "org.apache.spark.deploy.worker.Worker",
                      "--host",
                      kLoopback,
                      "--webui-port",
                      "0",
                      "--cores",
                      std::to_string(options.cores),
                      "--memory",
                      options.memory,
                      "--work-dir",
                      places.folder + "/work",
                      places.master_url};
  launch.log = places.log_of(role);
  set_up_roles(spark, places, true, &launch);
  // Executors take their folders for shuffle files from their worker.
  launch.environment.emplace_back("SPARK_LOCAL_DIRS",
                                  options.local_dir.empty() ? places.folder + "/local" : options.local_dir);
  return launch;
}

Launch server_launch(const SparkInstallation& spark, const ClusterPlaces& places, const ClusterOptions& options) {
  Launch launch;
  launch.arguments = {spark.home + "/bin/spark-submit",
                      "--class",
                      "org.apache.spark.sql.connect.service.SparkConnectServer",
                      "--name",
                      "linkwright",
                      "--master",
                      places.master_url,
                      "--load-spark-defaults",
                      "--properties-file",
                      places.server_settings_file(),
                      "spark-internal"};
  launch.log = places.log_of("connect server");
  if (std::string java = server_java_options(spark, options); !java.empty()) {
    launch.environment.emplace_back("SPARK_SUBMIT_OPTS", std::move(java));
  }
  // Executors elsewhere must reach the driver, and have Pythons of their own.
  set_up_roles(spark, places, is_this_machine(options), &launch);
  if (const auto python = packed_python(options)) {
    launch.environment.emplace_back("PYSPARK_PYTHON", python->filename().string());
  }
  return launch;
}

std::string server_settings(const ClusterPlaces& places, const ClusterOptions& options) {
  std::string text;
  for (const auto& [name, value] : settings_of(places, options)) text += escaped(name) + "=" + escaped(value) + "\n";
  return text;
}

}  // namespace linkwright::spark
