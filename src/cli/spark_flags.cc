#include "cli/spark_flags.h"

#include <CLI/CLI.hpp>

#include "base/remote_path.h"
#include "io/table_reader.h"

namespace linkwright {

void add_spark_connection(CLI::App& command, spark::ConnectionRequest* connection) {
  command.add_option("--remote", connection->remote, "Connection string, sc://HOST:PORT/;NAME=VALUE")
      ->group(kSparkGroup);
  command.add_option("--cluster-profile", connection->profile, "Section of ~/.databrickscfg")->group(kSparkGroup);
  command.add_option("--cluster-id", connection->cluster_id, "Cluster of a Databricks workspace")->group(kSparkGroup);
}

void SparkFormats::add_to(CLI::App& command, const std::string& rows) {
  command.add_option("--input-format", input_format, "csv, json, parquet or delta; else told from the names")
      ->group(kSparkGroup)
      ->check(CLI::IsMember({"csv", "json", "parquet", "delta"}));
  command.add_option("--output-table", output_table, rows + ": a table instead of a folder")->group(kSparkGroup);
  command
      .add_option("--output-format", output_format,
                  "parquet, delta or csv; else told from the output's name, or by a table's catalog")
      ->group(kSparkGroup)
      ->check(CLI::IsMember({"parquet", "delta", "csv"}));
}

std::string SparkFormats::format_of(const std::string& output) const {
  if (!output_format.empty()) return output_format;
  if (output.empty()) return "";
  if (output.ends_with(".delta")) return "delta";
  return output.ends_with(".csv") ? "csv" : "parquet";
}

std::vector<std::string> paths_for_spark(const std::vector<std::string>& paths) {
  std::vector<std::string> told;
  for (const std::string& path : paths) {
    // What is not here may be on the cluster's machines.
    const auto files = has_scheme(path) ? std::vector<std::string>{path}
                                        : expand_paths({path}).ValueOr(std::vector<std::string>{path});
    for (const std::string& file : files) told.push_back(path_for_others(file));
  }
  return told;
}

Status check_executor_secret_file(const std::string& path) {
  if (path != "-") return Status::OK();
  return Status::Invalid("with --engine spark secrets are read by the executors and never sent to them: name a file ",
                         "that each executor has, or set the variable in their environment");
}

}  // namespace linkwright
