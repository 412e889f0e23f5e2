#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "linkwright/spark_connection.h"

namespace CLI {
class App;
}

namespace linkwright {

/// The group of options that count with --engine spark only.
inline constexpr const char* kSparkGroup = "With --engine spark";

/// Which server: --remote, --cluster-profile, --cluster-id.
void add_spark_connection(CLI::App& command, spark::ConnectionRequest* connection);

/// What Spark reads and writes: --input-format, --output-table, --output-format.
struct SparkFormats {
  std::string input_format;   // "": told from the names
  std::string output_table;   // in the place of a folder
  std::string output_format;  // "": delta or csv where the name ends so, else parquet; of a table, its catalog's

  /// `rows` says what is written: "Tokens".
  void add_to(CLI::App& command, const std::string& rows);
  std::string format_of(const std::string& output) const;
};

/// Paths and globs as Spark is to be told them.
std::vector<std::string> paths_for_spark(const std::vector<std::string>& paths);

/// Secrets are the executors': an error for a file with one that is standard input.
Status check_executor_secret_file(const std::string& path);

}  // namespace linkwright
