#include "cli/job_commands.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/engine_choice.h"
#include "cli/job_options.h"
#include "cli/number_options.h"
#include "cli/report_display.h"
#include "engine/blocking_report.h"
#include "engine/explanation.h"
#include "engine/job_columns.h"
#include "engine/job_records.h"
#include "engine/memory_limit.h"
#include "engine/output_files.h"
#include "engine/run_report.h"
#include "engine/spread_of_predictions.h"
#include "model/linkage_job.h"

namespace linkwright {
namespace {

enum class Work { kAll, kTrain, kPredict };

// Leaves of a job what a command is for.
Status limit_to(Work work, LinkageJob* job) {
  if (work == Work::kTrain) {
    job->predict.reset();
    job->cluster.reset();
  } else if (work == Work::kPredict && !job->predict) {
    job->predict.emplace();  // every pair, as where the job gives no threshold
  } else if (!job->predict && job->training.empty()) {
    return Status::Invalid("the job says nothing to do: no 'training', 'predict' or 'cluster'; add for example ",
                           R"("predict": {"threshold_match_probability": 0.9})");
  }
  return Status::OK();
}

Status run(const JobOptions& options, const EngineFlags& engine, const Cancellation& cancellation, Work work) {
  ARROW_ASSIGN_OR_RAISE(LinkageJob job, options.load());
  ARROW_RETURN_NOT_OK(limit_to(work, &job));
  ARROW_ASSIGN_OR_RAISE(const RunReport report,
                        run_on_engine(std::move(job), options.job, engine, options.run_options(cancellation)));
  if (options.json) {
    std::fputs(report.to_json().c_str(), stdout);
  } else {
    print_report(report);
  }
  return Status::OK();
}

Status predict(JobOptions options, const EngineFlags& engine, const Cancellation& cancellation) {
  if (options.model.empty()) {
    ARROW_ASSIGN_OR_RAISE(const LinkageJob job, options.load());
    if (!job.training.empty()) {  // else the job's model is one that has been trained
      options.model = output_path(job, "model.json");
      if (!std::filesystem::exists(options.model)) {
        return Status::Invalid("the job trains its model, and there is none in ", options.model,
                               " yet; train it with 'linkwright train ", options.job, "', or name one with --model");
      }
    }
  }
  return run(options, engine, cancellation, Work::kPredict);
}

Status show_blocking(const JobOptions& options, const Cancellation& cancellation, size_t blocks) {
  ARROW_ASSIGN_OR_RAISE(const LinkageJob job, options.load());
  tell_that_it_runs_here(job);
  const RunOptions run_options = options.run_options(cancellation);
  RunResources resources(job.engine, run_options);
  RunReport read;
  ARROW_ASSIGN_OR_RAISE(const RecordTable records, read_records(job, run_options, resources.context(), &read));
  ARROW_ASSIGN_OR_RAISE(BlockingReport report, report_blocking(job, records, blocks, resources.context()));
  ARROW_ASSIGN_OR_RAISE(report.memory, predict_memory(job, records, resources.context()));
  std::fputs((options.json ? report.to_json() : report.to_text()).c_str(), stdout);
  return Status::OK();
}

void print_explanations(const std::vector<PairExplanation>& explanations, bool as_json) {
  std::string text;
  for (const PairExplanation& explanation : explanations) {
    if (as_json) {
      text += (text.empty() ? "[" : ",\n") + explanation.to_json();
    } else {
      text += "\n" + explanation.to_text();
    }
  }
  if (as_json) text += text.empty() ? "[]\n" : "]\n";
  std::fputs(text.c_str(), stdout);
}

Status explain(JobOptions options, const Cancellation& cancellation, size_t count,
               const std::vector<std::string>& ids) {
  if (options.model.empty()) {
    ARROW_ASSIGN_OR_RAISE(const LinkageJob job, options.load());
    if (const std::string model = output_path(job, "model.json"); std::filesystem::exists(model)) options.model = model;
  }
  ARROW_ASSIGN_OR_RAISE(const LinkageJob job, options.load());
  tell_that_it_runs_here(job);
  const RunOptions run_options = options.run_options(cancellation);
  RunResources resources(job.engine, run_options, job.output.directory);
  RunContext& context = resources.context();
  const std::string predictions = ids.empty() ? output_file(job, "predictions") : "";
  ARROW_RETURN_NOT_OK(check_memory_of(LaterUse::kExplain, job, predictions, context));
  RunReport read;
  ARROW_ASSIGN_OR_RAISE(const RecordTable records, read_records(job, run_options, context, &read));
  std::vector<RowPair> pairs;
  if (ids.empty()) {
    ARROW_ASSIGN_OR_RAISE(pairs, spread_of_predictions(job, records, count, context));
  } else {
    std::vector<uint32_t> rows;
    for (const std::string& id : ids) {
      ARROW_ASSIGN_OR_RAISE(rows.emplace_back(), find_row(records, id));
    }
    pairs.push_back({std::min(rows[0], rows[1]), std::max(rows[0], rows[1])});
  }
  ARROW_ASSIGN_OR_RAISE(const auto explanations, explain_pairs(job.model, records, pairs, evaluation_options(job)));
  print_explanations(explanations, options.json);
  return Status::OK();
}

}  // namespace

void add_job_commands(CLI::App& app, const Cancellation& cancellation, Status* outcome) {
  const auto add = [&](const char* name, const char* description) {
    auto options = std::make_shared<JobOptions>();
    CLI::App* command = app.add_subcommand(name, description);
    options->add_to(command);
    return std::pair(command, options);
  };
  const auto add_engine = [](CLI::App* command) {
    auto flags = std::make_shared<EngineFlags>();
    flags->add_to(command);
    return flags;
  };
  {
    const auto [command, options] = add("run", "The whole way: read, train, predict, cluster, write");
    const auto engine = add_engine(command);
    command->callback(
        [=, options = options, &cancellation] { *outcome = run(*options, *engine, cancellation, Work::kAll); });
  }
  {
    const auto [command, options] = add("train", "Train a job's model and write model.json");
    const auto engine = add_engine(command);
    command->callback(
        [=, options = options, &cancellation] { *outcome = run(*options, *engine, cancellation, Work::kTrain); });
  }
  {
    const auto [command, options] = add("predict", "Predict and cluster with a trained model");
    const auto engine = add_engine(command);
    command->add_option("--model", options->model,
                        "The trained model; default: the job's, or what a run of it trained");
    command->callback([=, options = options, &cancellation] { *outcome = predict(*options, *engine, cancellation); });
  }
  {
    const auto [command, options] = add("blocking", "Tell pairs, largest blocks, time and memory before a run");
    auto blocks = std::make_shared<size_t>(3);
    command->add_option("--blocks", *blocks, "Largest blocks to show of each rule")
        ->check(at_least(0))
        ->capture_default_str();
    command->callback(
        [=, options = options, &cancellation] { *outcome = show_blocking(*options, cancellation, *blocks); });
  }
  {
    const auto [command, options] = add("explain", "Show how the weight of a pair comes about");
    auto count = std::make_shared<size_t>(3);
    auto ids = std::make_shared<std::vector<std::string>>();
    command->add_option("--pairs", *count, "How many pairs of the last run to show, from strongest to weakest")
        ->check(at_least(0))
        ->capture_default_str();
    command->add_option("--pair", *ids, "Two ids (dataset:id where there are several datasets)")->expected(2);
    command->add_option("--model", options->model, "The trained model; default: model.json of the last run");
    command->callback(
        [=, options = options, &cancellation] { *outcome = explain(*options, cancellation, *count, *ids); });
  }
}

}  // namespace linkwright
