#include "spark/cluster/spark_installation.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string_view>

#include "base/beside_program.h"
#include "spark/cluster/processes.h"

namespace linkwright::spark {
namespace {

namespace fs = std::filesystem;

constexpr int kOldestJava = 17;

/// Why a folder is no Spark that can be used; OK when it is one.
Status check_home(const std::string& home) {
  std::error_code ignored;
  const fs::path folder(home);
  if (!fs::exists(folder / "bin" / "spark-submit", ignored)) return Status::Invalid(home, " has no bin/spark-submit");
  for (const fs::directory_entry& jar : fs::directory_iterator(folder / "jars", ignored)) {
    if (jar.path().filename().string().rfind("spark-connect_", 0) == 0) return Status::OK();
  }
  return Status::Invalid(home, " has no jars/spark-connect_*.jar: it is older than Spark 4, or incomplete");
}

/// The Spark inside a Python, without the second that importing pyspark takes.
Result<SparkInstallation> pyspark_of(const std::string& python) {
  constexpr char kScript[] =
      "import importlib.util, sys\n"
      "spec = importlib.util.find_spec('pyspark')\n"
      "print(spec.submodule_search_locations[0] if spec else '')\n"
      "print('%d.%d' % sys.version_info[:2])";
  ARROW_ASSIGN_OR_RAISE(const std::string output, output_of({python, "-c", kScript}));
  std::istringstream lines(output);
  SparkInstallation found{"", python};
  std::getline(lines, found.home);
  lines >> found.python_version;
  if (found.home.empty()) return Status::Invalid(python, " has no pyspark");
  ARROW_RETURN_NOT_OK(check_home(found.home));
  return found;
}

/// The first number behind the first quote: `openjdk version "17.0.15" 2025-04-15`.
int java_version(const std::string& output) {
  const size_t quote = output.find('"');
  return quote == std::string::npos ? 0 : std::atoi(output.c_str() + quote + 1);  // NOLINT(cert-err34-c)
}

/// What stands in the second line's brackets: `OpenJDK Runtime Environment (build 17.0.15+6-Debian-1deb12u1)`. Empty
/// when it is nothing that may be a part of a file's name.
std::string java_build(const std::string& output) {
  constexpr std::string_view kBefore = "(build ";
  const size_t found = output.find(kBefore);
  if (found == std::string::npos) return "";
  const size_t begin = found + kBefore.size(), end = std::min(output.find_first_of(",)\n", begin), output.size());
  const std::string build = output.substr(begin, end - begin);
  const bool is_name = std::all_of(build.begin(), build.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '+' || c == '.' || c == '_' || c == '-';
  });
  return is_name ? build : "";
}

/// The build of Java, when it is one that runs Spark.
Result<std::string> check_java(const InstallationSources& sources) {
  const std::string java_home = sources.environment("JAVA_HOME").value_or("");
  const std::string java = java_home.empty() ? "java" : java_home + "/bin/java";
  const std::string remedy =
      "Spark needs Java 17 or newer; `sudo apt-get install openjdk-17-jre-headless` gets it on Debian, and JAVA_HOME "
      "names another one";
  const Result<std::string> output = output_of({java, "-version"});
  if (!output.ok()) {
    return Status::Invalid(java_home.empty() ? "there is no java on PATH" : "JAVA_HOME has no working bin/java", ". ",
                           remedy);
  }
  const int version = java_version(*output);
  if (version >= kOldestJava) return java_build(*output);
  return Status::Invalid(java, " is version ", version, ". ", remedy);
}

Result<SparkInstallation> find_distribution(const std::string& spark_home, const InstallationSources& sources) {
  const auto variable = [&](const char* name) { return sources.environment(name).value_or(""); };
  const std::string executor_python = variable("PYSPARK_PYTHON");
  if (!spark_home.empty()) {
    ARROW_RETURN_NOT_OK(check_home(spark_home));
    return SparkInstallation{spark_home, executor_python};
  }
  if (const std::string home = variable("SPARK_HOME"); !home.empty()) {
    if (Status status = check_home(home); !status.ok()) return status.WithMessage("SPARK_HOME: ", status.message());
    return SparkInstallation{home, executor_python};
  }
  const auto with_executor_python = [&](SparkInstallation found) {
    return executor_python.empty() ? found : SparkInstallation{std::move(found.home), executor_python};
  };
  if (const std::string python = variable("LINKWRIGHT_SPARK_PYTHON"); !python.empty()) {
    Result<SparkInstallation> found = pyspark_of(python);
    if (!found.ok()) return found.status().WithMessage("LINKWRIGHT_SPARK_PYTHON: ", found.status().message());
    return with_executor_python(*std::move(found));
  }
  std::string looked_at;
  const fs::path folder(sources.program_folder);
  const std::string own = "spark-python/bin/python";
  for (const std::string& python :
       {std::string("python3"), (folder / own).string(), (folder.parent_path() / own).string()}) {
    Result<SparkInstallation> found = pyspark_of(python);
    if (found.ok()) return with_executor_python(*std::move(found));
    looked_at += "\n  " + found.status().message();
  }
  return Status::Invalid(
      "Spark is not installed. In a checkout of linkwright `make spark` gets it; elsewhere `python3 -m pip install "
      "'pyspark[connect]==4.2.1' pyarrow` does, for the python3 on PATH or for one named in LINKWRIGHT_SPARK_PYTHON; "
      "or name a Spark 4 folder in SPARK_HOME or --spark-home. Looked at:",
      looked_at);
}

}  // namespace

InstallationSources InstallationSources::of_process() {
  const auto environment = [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe)
    return value == nullptr ? std::nullopt : std::make_optional<std::string>(value);
  };
  return {environment, linkwright::program_folder()};
}

Result<SparkInstallation> find_spark(const std::string& spark_home, const InstallationSources& sources) {
  ARROW_ASSIGN_OR_RAISE(SparkInstallation found, find_distribution(spark_home, sources));
  // An archive of classes is of one path of their jars, however that was come by.
  std::error_code error;
  if (const fs::path real = fs::canonical(found.home, error); !error) found.home = real.string();
  ARROW_ASSIGN_OR_RAISE(found.java_build, check_java(sources));
  return found;
}

}  // namespace linkwright::spark
