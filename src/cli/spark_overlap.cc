#include "cli/spark_overlap.h"

#include <CLI/CLI.hpp>
#include <filesystem>

#include "base/beside_program.h"
#include "base/remote_path.h"
#include "cli/token_options.h"
#include "linkwright/spark_cluster.h"
#include "spark/tokens/spark_overlap.h"
#include "token/overlap_report.h"

namespace linkwright {
namespace {

Result<spark::TokenDataset> dataset_on_spark(const SparkDataset& dataset, const SparkFormats& formats) {
  if (dataset.is_table) return spark::TokenDataset{dataset.name, {{}, dataset.name, 0, ""}, false};
  const std::vector<std::string> paths = paths_for_spark({dataset.name});
  if (paths.size() != 1) return Status::Invalid(dataset.name, ": a dataset is one file, folder or table");
  std::error_code missing;
  const bool is_file = !has_scheme(paths[0]) && std::filesystem::is_regular_file(paths[0], missing);
  return spark::TokenDataset{dataset.name, {paths, "", 0, is_file ? "" : formats.input_format}, is_file};
}

spark::OverlapPlaces places_of(const OverlapOutput& output, const SparkFormats& formats) {
  spark::OverlapPlaces places;
  places.json_path = output.json_path;
  const std::string& format = formats.output_format;
  const std::string path = output.matches_path.empty()
                               ? matches_path_beside(output.json_path, format.empty() ? "csv" : format)
                               : output.matches_path;
  if (!formats.output_table.empty()) {
    places.matches = {"", formats.output_table, formats.format_of("")};
  } else if (!format.empty() || has_scheme(output.matches_path)) {
    places.matches = {path_for_others(path), "", formats.format_of(path)};
  } else {
    places.matches_path = path;
  }
  return places;
}

}  // namespace

void SparkOverlapOptions::add_to(CLI::App& command) {
  add_spark_connection(command, &connection);
  command.add_option("--table", tables, "A dataset: a table instead of a file; may be repeated")
      ->group(kSparkGroup)
      ->allow_extra_args(false);
  formats.add_to(command, "Matches");
}

Result<std::vector<OverlapResult>> overlap_on_spark(const std::array<SparkDataset, 2>& datasets,
                                                    const OverlapOptions& overlap, const OverlapOutput& output,
                                                    const std::string& encryption_key_file,
                                                    const SparkOverlapOptions& options,
                                                    const Cancellation& cancellation) {
  ARROW_RETURN_NOT_OK(check_executor_secret_file(encryption_key_file));
  spark::OverlapQuestion question;
  question.options = overlap;
  question.encryption_key = {"LINKWRIGHT_ENCRYPTION_KEY", encryption_key_file, ""};
  for (size_t i = 0; i < datasets.size(); ++i) {
    ARROW_ASSIGN_OR_RAISE(question.datasets[i], dataset_on_spark(datasets[i], options.formats));
  }
  spark::SessionOptions session_options;
  session_options.cancellation = &cancellation;
  ARROW_ASSIGN_OR_RAISE(const spark::Session session, spark::open_session(options.connection, {}, session_options));
  ARROW_ASSIGN_OR_RAISE(auto results, spark::overlap_on_spark(session, question, places_of(output, options.formats),
                                                              beside_program("liblinkwright_token_kernel.so"),
                                                              {print_warning, &cancellation}));
  ARROW_RETURN_NOT_OK(session.stop());
  return results;
}

}  // namespace linkwright
