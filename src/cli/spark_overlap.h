#pragma once

#include <array>
#include <string>
#include <vector>

#include "base/cancellation.h"
#include "base/status.h"
#include "cli/spark_flags.h"
#include "linkwright/spark_connection.h"
#include "token/overlap_options.h"

namespace linkwright {

/// Options of `overlap --engine spark`.
struct SparkOverlapOptions {
  spark::ConnectionRequest connection;
  std::vector<std::string> tables;  // among the datasets
  SparkFormats formats;             // of datasets, and of matches that Spark writes

  void add_to(CLI::App& command);
};

/// A dataset as it was given.
struct SparkDataset {
  std::string name;
  bool is_table = false;
};

/// Where results were asked to go.
struct OverlapOutput {
  std::string json_path;
  std::string matches_path;  // "": beside the result
};

/// `overlap --engine spark`. The key stays on the executors: what this process has of it is not looked at. Pairs go to
/// this machine, unless they were asked to be a table, a folder of some format, or a name with a scheme.
Result<std::vector<OverlapResult>> overlap_on_spark(const std::array<SparkDataset, 2>& datasets,
                                                    const OverlapOptions& overlap, const OverlapOutput& output,
                                                    const std::string& encryption_key_file,
                                                    const SparkOverlapOptions& options,
                                                    const Cancellation& cancellation);

}  // namespace linkwright
