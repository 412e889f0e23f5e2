#include "cli/evaluate_command.h"

#include <arrow/record_batch.h>
#include <arrow/table.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/thread_pool.h"
#include "cli/number_options.h"
#include "evaluate/evaluation.h"
#include "io/kept_inputs.h"
#include "io/table_reader.h"
#include "io/table_writer.h"

namespace linkwright {
namespace {

struct EvaluateOptions {
  EvaluationInputs inputs;
  std::string clusters, predictions, labelled_pairs, output;
  int threads = 0;
  bool json = false;
};

Status write_thresholds(const std::vector<TruthSpaceRow>& rows, const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(const auto batch, truth_space_table(rows));
  ARROW_ASSIGN_OR_RAISE(const FileFormat format, file_format_of(path));
  ARROW_ASSIGN_OR_RAISE(const auto writer, TableWriter::open(path, format, batch->schema()));
  ARROW_RETURN_NOT_OK(writer->write(*batch));
  return writer->finish();
}

Status evaluate(const EvaluateOptions& options, const Cancellation& cancellation) {
  EvaluationInputs inputs = options.inputs;
  inputs.cancellation = &cancellation;
  if (inputs.label_column.empty() && options.labelled_pairs.empty()) {
    return Status::Invalid(
        "the truth is missing: name a label column with --label, or a file of labelled pairs with "
        "--labelled-pairs");
  }
  if (options.predictions.empty() && !(options.labelled_pairs.empty() && options.output.empty())) {
    return Status::Invalid("--labelled-pairs and --output are about predictions; give their file with --predictions");
  }
  if (!options.output.empty()) {
    ARROW_RETURN_NOT_OK(file_format_of(options.output));
    ARROW_RETURN_NOT_OK(keep_inputs({options.clusters, options.predictions, options.labelled_pairs}, {options.output}));
  }
  ThreadPool pool(options.threads);
  ReadOptions read;
  read.cancellation = &cancellation;
  ARROW_ASSIGN_OR_RAISE(inputs.clusters, read_tables({options.clusters}, read, pool, nullptr));
  if (!options.predictions.empty()) {
    ARROW_ASSIGN_OR_RAISE(inputs.predictions, read_tables({options.predictions}, read, pool, nullptr));
  }
  if (!options.labelled_pairs.empty()) {
    ARROW_ASSIGN_OR_RAISE(inputs.labelled_pairs, read_tables({options.labelled_pairs}, read, pool, nullptr));
  }
  ARROW_ASSIGN_OR_RAISE(const Evaluation evaluation, evaluate_linkage(inputs));
  if (!options.output.empty()) ARROW_RETURN_NOT_OK(write_thresholds(evaluation.thresholds, options.output));
  std::printf("%s\n", options.json ? evaluation.to_json().dump(2).c_str() : evaluation.to_text().c_str());
  return Status::OK();
}

}  // namespace

void add_evaluate_command(CLI::App& app, const Cancellation& cancellation, Status* outcome) {
  auto options = std::make_shared<EvaluateOptions>();
  EvaluationInputs& inputs = options->inputs;
  CLI::App* command = app.add_subcommand("evaluate", "Measure clusters and predictions against known truth");
  command->add_option("CLUSTERS", options->clusters, "The clusters of a run: every record, its cluster and its label")
      ->required();
  command->add_option("--label", inputs.label_column, "The column that says which records belong together");
  command->add_option("--predictions", options->predictions, "The predictions of the run: accuracy by match weight");
  command->add_option("--labelled-pairs", options->labelled_pairs,
                      "Pairs with a clerical_match_score, in place of labels");
  command->add_option("--cluster-column", inputs.cluster_column, "The column of clusters")->capture_default_str();
  command->add_option("--id", inputs.unique_id_column, "The id column")->capture_default_str();
  command->add_option("--source-dataset", inputs.source_dataset_column, "The column of the source dataset, if any")
      ->capture_default_str();
  command->add_flag("--across-datasets", inputs.only_across_datasets, "Count pairs of different datasets only");
  command->add_option("--step", inputs.match_weight_step, "Round match weights to multiples of this; 0: as they are")
      ->check(at_least(0))
      ->capture_default_str();
  command->add_option("-o,--output", options->output, "Write all thresholds to this file: .parquet, .csv or .ndjson");
  add_threads_option(*command, options->threads);
  command->add_flag("--json", options->json, "Print as JSON");
  command->callback([options, &cancellation, outcome] { *outcome = evaluate(*options, cancellation); });
}

}  // namespace linkwright
