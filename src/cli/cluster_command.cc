#include "cli/cluster_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/engine_choice.h"
#include "cli/job_options.h"
#include "engine/cluster_table.h"
#include "engine/job_records.h"
#include "engine/memory_limit.h"
#include "engine/output_files.h"
#include "engine/recluster.h"
#include "engine/run_report.h"
#include "io/output_folder.h"
#include "model/linkage_job.h"

namespace linkwright {
namespace {

namespace fs = std::filesystem;

struct ClusterOptions {
  JobOptions shared;
  std::string predictions;
  std::vector<double> probabilities, weights;
};

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

// The predictions are where the job has them: --output is for the clusters.
Result<std::string> predictions_file(const ClusterOptions& options) {
  if (!options.predictions.empty()) return options.predictions;
  ARROW_ASSIGN_OR_RAISE(const LinkageJob job, LinkageJob::from_file(options.shared.job));
  return output_file(job, "predictions");
}

void show(const std::vector<ClusterColumn>& columns, const std::string& file, bool as_json) {
  nlohmann::ordered_json json{{"clusters", nlohmann::ordered_json::object()}, {"file", file}};
  for (const ClusterColumn& column : columns) {
    const uint64_t count = count_clusters(column);
    json["clusters"][column.name] = count;
    if (!as_json) std::printf("%s: %llu clusters\n", column.name.c_str(), static_cast<unsigned long long>(count));
  }
  std::printf("%s\n", as_json ? json.dump(2).c_str() : ("wrote " + file).c_str());
}

Status cluster(const ClusterOptions& options, const Cancellation& cancellation) {
  ARROW_ASSIGN_OR_RAISE(LinkageJob job, options.shared.load());
  tell_that_it_runs_here(job);
  ARROW_ASSIGN_OR_RAISE(job.cluster, cluster_spec(options, job));
  ARROW_ASSIGN_OR_RAISE(const std::string predictions, predictions_file(options));
  ARROW_RETURN_NOT_OK(keep_inputs_of(job, options.shared.rejects));
  const RunOptions run = options.shared.run_options(cancellation);
  const fs::path folder = fs::path(predictions).parent_path();
  RunResources resources(job.engine, run, folder.empty() ? "." : folder.string());
  RunContext& context = resources.context();
  ARROW_RETURN_NOT_OK(check_memory_of(LaterUse::kCluster, job, predictions, context));

  FilePublisher publisher;
  RunReport report;
  ARROW_ASSIGN_OR_RAISE(const RecordTable records, read_records(job, run, context, &report, &publisher));
  ARROW_ASSIGN_OR_RAISE(const std::vector<ClusterColumn> columns,
                        recluster(predictions, *job.cluster, job.model, records, context));
  ARROW_ASSIGN_OR_RAISE(OutputFolder output, OutputFolder::make(job.output.directory));
  const std::string file = output_file(job, "clusters");
  ARROW_RETURN_NOT_OK(write_clusters(columns, records, job.model, file, file_format(job.output.format), context.pool,
                                     publisher, {.cancellation = &cancellation}));
  ARROW_RETURN_NOT_OK(publisher.finish(&cancellation));
  output.keep();
  show(columns, file, options.shared.json);
  return Status::OK();
}

}  // namespace

void add_cluster_command(CLI::App& app, const Cancellation& cancellation, Status* outcome) {
  auto options = std::make_shared<ClusterOptions>();
  CLI::App* command = app.add_subcommand("cluster", "Cluster the predictions of a run again, at other thresholds");
  options->shared.add_to(command);
  command->add_option("--predictions", options->predictions, "The predictions; default: those in the job's output.dir");
  command
      ->add_option("--threshold", options->probabilities, "Match probabilities; default: the job's cluster thresholds")
      ->check(CLI::Range(0.0, 1.0));
  command->add_option("--threshold-weight", options->weights, "Match weights")->excludes("--threshold");
  command->callback([options, &cancellation, outcome] { *outcome = cluster(*options, cancellation); });
}

}  // namespace linkwright
