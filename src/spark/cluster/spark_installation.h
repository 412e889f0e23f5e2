#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/status.h"

namespace linkwright::spark {

/// A Spark distribution on this machine and what it runs with.
struct SparkInstallation {
  std::string home;                 // holds bin/spark-submit and jars/
  std::string python;               // for the executors; empty: whatever Spark itself finds
  std::string python_version = {};  // "3.11" of `python`, where that is the one that has pyspark; empty: not known
  std::string java_build = {};      // "17.0.15+6-Debian-1deb12u1" of the Java that runs it; empty: it does not say
};

/// The world that an installation is looked for in; tests bring their own.
struct InstallationSources {
  std::function<std::optional<std::string>(const std::string& name)> environment;
  std::string program_folder;  // where the running program lies

  static InstallationSources of_process();
};

/// Finds Spark 4 with its Connect server: in `spark_home` when that is not empty, else $SPARK_HOME, else inside a
/// Python with pyspark: $LINKWRIGHT_SPARK_PYTHON, python3 on PATH, spark-python/bin/python beside or one above the
/// program (where scripts/setup puts it). What is named but does not hold Spark is an error. Java 17 or newer must be
/// there too: $JAVA_HOME, or java on PATH. Errors say where was looked and what to install.
Result<SparkInstallation> find_spark(const std::string& spark_home = {},
                                     const InstallationSources& sources = InstallationSources::of_process());

}  // namespace linkwright::spark
