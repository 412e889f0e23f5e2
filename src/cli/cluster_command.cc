#include "cli/cluster_command.h"

#include <arrow/array/builder_binary.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cli/number_options.h"
#include "cli/progress_display.h"
#include "engine/cluster_table.h"
#include "engine/edge_clusters.h"
#include "engine/embedded_engine.h"
#include "engine/job_records.h"
#include "engine/output_files.h"
#include "evaluate/record_numbers.h"
#include "expr/arrow_values.h"
#include "io/output_folder.h"
#include "io/table_reader.h"
#include "model/linkage_job.h"

namespace linkwright {
namespace {

namespace fs = std::filesystem;

struct ClusterOptions {
  std::string job, output, predictions;
  std::vector<double> probabilities, weights;
  int threads = 0;
  bool quiet = false;
};

/// The ids of the records as a table, so that those of predictions can be found in it.
Result<RecordNumbers> number_records(const RecordTable& records, const LinkageModel& model) {
  arrow::FieldVector fields{arrow::field(model.unique_id_column_name, records.ids()->type())};
  arrow::ArrayVector columns{records.ids()};
  if (records.has_sources()) {
    arrow::StringBuilder sources;
    for (const uint16_t source : records.source_of_row()) {
      ARROW_RETURN_NOT_OK(sources.Append(records.source_names()[source]));
    }
    fields.push_back(arrow::field(model.source_dataset_column_name, arrow::utf8()));
    ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), sources.Finish());
  }
  const auto table = arrow::Table::Make(arrow::schema(std::move(fields)), columns);
  return RecordNumbers::make(*table, model.unique_id_column_name, model.source_dataset_column_name);
}

Status add_predictions(const arrow::Table& predictions, const RecordNumbers& numbers, const Cancellation& cancellation,
                       EdgeClusters& clusters) {
  ARROW_ASSIGN_OR_RAISE(const auto left, numbers.rows_of(predictions, "_l", "the predictions"));
  ARROW_ASSIGN_OR_RAISE(const auto right, numbers.rows_of(predictions, "_r", "the predictions"));
  ARROW_ASSIGN_OR_RAISE(const EncodedColumn weights, encoded_column(predictions, "match_weight", "the predictions"));
  if (weights.type.kind != ValueKind::kDouble) return Status::TypeError("match_weight must be a column of doubles");
  ARROW_ASSIGN_OR_RAISE(ArrayValues values, ArrayValues::make(weights.values));
  for (size_t i = 0; i < left.size(); ++i) {
    if (i % (size_t{1} << 16) == 0) ARROW_RETURN_NOT_OK(cancellation.check());
    if (weights.codes[i] == 0) return Status::Invalid("row ", i + 1, " of the predictions has no match_weight");
    const ScoredPair pair{{left[i], right[i]}, {}, values.at(weights.codes[i] - 1).number, 0};
    ARROW_RETURN_NOT_OK(clusters.add({&pair, 1}));
  }
  return Status::OK();
}

Result<ClusterSpec> cluster_spec(const ClusterOptions& options, const LinkageJob& job) {
  ClusterSpec spec = job.cluster.value_or(ClusterSpec{});
  if (!options.probabilities.empty() || !options.weights.empty()) spec.thresholds.clear();
  for (const double probability : options.probabilities) spec.thresholds.push_back({probability, {}});
  for (const double weight : options.weights) spec.thresholds.push_back({{}, weight});
  if (spec.thresholds.empty()) {
    return Status::Invalid("the job has no cluster threshold; give one with --threshold or --threshold-weight");
  }
  return spec;
}

Status cluster(const ClusterOptions& options, const Cancellation& cancellation) {
  ARROW_ASSIGN_OR_RAISE(LinkageJob job, LinkageJob::from_file(options.job));
  ARROW_ASSIGN_OR_RAISE(const ClusterSpec spec, cluster_spec(options, job));
  const std::string predictions_file =
      options.predictions.empty() ? output_file(job, "predictions") : options.predictions;
  if (!options.output.empty()) job.output.directory = options.output;
  ARROW_RETURN_NOT_OK(keep_inputs_of(job, ""));

  RunOptions run;
  run.cancellation = &cancellation;
  if (!options.quiet) run.progress = progress_display();
  job.engine.threads = options.threads;
  RunResources resources(job.engine, run, fs::path(predictions_file).parent_path().string());
  RunContext& context = resources.context();
  RunReport report;
  ARROW_ASSIGN_OR_RAISE(const RecordTable records, read_records(job, run, context, &report));
  ReadOptions read;
  read.cancellation = &cancellation;
  for (const char* side : {"_l", "_r"}) {
    read.columns.push_back(job.model.unique_id_column_name + side);
    if (records.has_sources()) read.columns.push_back(job.model.source_dataset_column_name + side);
  }
  read.columns.push_back("match_weight");
  ARROW_ASSIGN_OR_RAISE(const auto predictions, read_tables({predictions_file}, read, context.pool, nullptr));

  ARROW_ASSIGN_OR_RAISE(const RecordNumbers numbers, number_records(records, job.model));
  ARROW_ASSIGN_OR_RAISE(EdgeClusters clusters, EdgeClusters::make(spec, records, context));
  ARROW_RETURN_NOT_OK(add_predictions(*predictions, numbers, cancellation, clusters));
  ARROW_ASSIGN_OR_RAISE(const std::vector<ClusterColumn> columns, clusters.finish(&cancellation));
  ARROW_ASSIGN_OR_RAISE(OutputFolder output, OutputFolder::make(job.output.directory));
  const std::string file = output_file(job, "clusters");
  FilePublisher publisher;
  ARROW_RETURN_NOT_OK(write_clusters(columns, records, job.model, file, file_format(job.output.format), context.pool,
                                     publisher, {.cancellation = &cancellation}));
  ARROW_RETURN_NOT_OK(publisher.finish(&cancellation));
  output.keep();
  for (const ClusterColumn& column : columns) {
    std::printf("%s: %llu clusters\n", column.name.c_str(), static_cast<unsigned long long>(count_clusters(column)));
  }
  std::printf("wrote %s\n", file.c_str());
  return Status::OK();
}

}  // namespace

void add_cluster_command(CLI::App& app, const Cancellation& cancellation, Status* outcome) {
  auto options = std::make_shared<ClusterOptions>();
  CLI::App* command = app.add_subcommand("cluster", "Cluster the predictions of a run again, at other thresholds");
  command->add_option("JOB", options->job, "The job file (docs/jobs.md)")->required();
  command->add_option("-o,--output", options->output, "Folder for the clusters; default: the job's output.dir");
  command->add_option("--predictions", options->predictions, "The predictions; default: those in the job's output.dir");
  command
      ->add_option("--threshold", options->probabilities, "Match probabilities; default: the job's cluster thresholds")
      ->check(CLI::Range(0.0, 1.0));
  command->add_option("--threshold-weight", options->weights, "Match weights")->excludes("--threshold");
  add_threads_option(*command, options->threads);
  command->add_flag("-q,--quiet", options->quiet, "Show no progress");
  command->callback([options, &cancellation, outcome] { *outcome = cluster(*options, cancellation); });
}

}  // namespace linkwright
