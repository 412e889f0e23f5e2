#include "cli/dedupe_command.h"

#include <arrow/table.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/memory_budget.h"
#include "base/thread_pool.h"
#include "cli/number_options.h"
#include "cli/progress_display.h"
#include "cli/report_display.h"
#include "engine/embedded_engine.h"
#include "engine/output_files.h"
#include "io/kept_inputs.h"
#include "io/pending_file.h"
#include "io/rejects.h"
#include "io/table_reader.h"
#include "model/linkage_job.h"
#include "profile/job_proposal.h"

namespace linkwright {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct DedupeOptions {
  std::vector<std::string> files;
  std::string save_job;
  std::string memory_limit;
  std::string rejects;
  ProposalOptions proposal;
  int threads = 0;
  bool is_link = false;
  bool only_propose = false;
  bool json = false;
  bool quiet = false;
};

/// The file's name up to its first dot, with a number where two inputs would have the same.
std::string input_name(const std::string& path, std::map<std::string, int>* taken) {
  std::string name = fs::path(path).filename().string();
  name = name.substr(0, name.find('.'));
  const int times = ++(*taken)[name];
  return times == 1 ? name : name + "_" + std::to_string(times);
}

Result<std::shared_ptr<arrow::Table>> read_input(const ProposedInput& input, const DedupeOptions& options,
                                                 const Cancellation& cancellation, ThreadPool& pool) {
  ReadOptions read;
  read.cancellation = &cancellation;
  Rejects rejects;  // the run itself keeps them
  if (!options.rejects.empty()) read.rejects = &rejects;
  read.text_columns = input.text_columns;
  return read_tables(input.paths, read, pool, nullptr);
}

/// One input of all files for dedupe, one a file for link. Numbers that are no quantities (postcodes, dates) are read
/// again as text where the format leaves the choice.
Result<std::vector<ProposedInput>> read_inputs(const DedupeOptions& options, const Cancellation& cancellation,
                                               ThreadPool& pool) {
  std::vector<ProposedInput> inputs;
  std::map<std::string, int> taken;
  for (const std::string& file : options.files) {
    if (options.is_link || inputs.empty()) inputs.push_back({.name = input_name(file, &taken)});
    inputs.back().paths.push_back(file);
  }
  for (ProposedInput& input : inputs) {
    ARROW_ASSIGN_OR_RAISE(input.table, read_input(input, options, cancellation, pool));
  }
  ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> as_text, columns_to_read_as_text(inputs, pool, &cancellation));
  if (as_text.empty()) return inputs;
  for (ProposedInput& input : inputs) {
    const bool is_csv =
        input.paths[0].find(".csv") != std::string::npos || input.paths[0].find(".tsv") != std::string::npos;
    if (!is_csv) continue;
    for (const std::string& column : as_text) {
      if (input.table->GetColumnByName(column) != nullptr) input.text_columns.push_back(column);
    }
    ARROW_ASSIGN_OR_RAISE(input.table, read_input(input, options, cancellation, pool));
  }
  return inputs;
}

/// The job as a file for this path, whose folder its paths are relative to.
Json with_paths_from(const std::string& file, Json job) {
  const fs::path folder = fs::absolute(file).parent_path();
  const auto relative = [&](const std::string& path) { return fs::absolute(path).lexically_relative(folder).string(); };
  for (Json& input : job["inputs"]) {
    if (input["path"].is_string()) {
      input["path"] = relative(input["path"].get<std::string>());
      continue;
    }
    for (Json& path : input["path"]) path = relative(path.get<std::string>());
  }
  job["output"]["dir"] = relative(job["output"]["dir"].get<std::string>());
  return job;
}

Result<JobProposal> propose(const DedupeOptions& options, const Cancellation& cancellation) {
  ThreadPool pool(options.threads);
  ARROW_ASSIGN_OR_RAISE(const std::vector<ProposedInput> inputs, read_inputs(options, cancellation, pool));
  ProposalOptions proposal = options.proposal;
  proposal.cancellation = &cancellation;
  return propose_job(inputs, pool, proposal);
}

Result<RunReport> run_proposed(const Json& proposed, const DedupeOptions& options, const Cancellation& cancellation) {
  ARROW_ASSIGN_OR_RAISE(LinkageJob job, LinkageJob::from_json(proposed, fs::current_path().string(), "proposed job"));
  job.engine.threads = options.threads;
  if (!options.memory_limit.empty()) {
    ARROW_ASSIGN_OR_RAISE(job.engine.memory_limit_bytes, parse_bytes(options.memory_limit));
  }
  RunOptions run;
  run.cancellation = &cancellation;
  run.rejects_path = options.rejects;
  if (!options.quiet) run.progress = progress_display();
  return run_job(job, run);
}

/// The saved job is no file that the run writes.
Status keep_results(const DedupeOptions& options) {
  if (options.save_job.empty()) return Status::OK();
  const auto place = [](const fs::path& path) { return fs::absolute(path).lexically_normal(); };
  for (const std::string& result :
       files_of_run(options.proposal.output_directory, "." + options.proposal.output_format, options.rejects)) {
    if (result.empty() || place(result) != place(options.save_job)) continue;
    return Status::Invalid("--save-job ", options.save_job, " is what the run writes too; give the job another file");
  }
  return Status::OK();
}

Status dedupe(const DedupeOptions& options, const Cancellation& cancellation) {
  ARROW_RETURN_NOT_OK(keep_inputs(options.files, {options.save_job}));
  ARROW_RETURN_NOT_OK(keep_results(options));
  ARROW_ASSIGN_OR_RAISE(const JobProposal proposal, propose(options, cancellation));
  if (!options.json) std::printf("%s\n", proposal.to_text().c_str());
  // Its place is tried before the run, and its name given after it, since an interrupted run leaves nothing. A run that
  // fails leaves it: a job to look at is what is needed then.
  std::optional<PendingTextFile> saved;
  if (!options.save_job.empty()) {
    saved.emplace(options.save_job);
    ARROW_RETURN_NOT_OK(saved->open());
    ARROW_RETURN_NOT_OK(saved->append(with_paths_from(options.save_job, proposal.job).dump(2) + "\n"));
  }
  if (options.only_propose) {
    if (saved) ARROW_RETURN_NOT_OK(saved->finish());
    if (options.json) std::printf("%s\n", proposal.to_json().dump(2).c_str());
    return Status::OK();
  }
  const Result<RunReport> report = run_proposed(proposal.job, options, cancellation);
  if (saved && !report.status().IsCancelled()) ARROW_RETURN_NOT_OK(saved->finish());
  ARROW_RETURN_NOT_OK(report.status());
  if (options.json) {
    const Json result{{"proposal", proposal.to_json()}, {"report", Json::parse(report->to_json())}};
    std::printf("%s\n", result.dump(2).c_str());
  } else {
    print_report(*report);
  }
  return Status::OK();
}

void add_command(CLI::App& app, const char* name, const char* description, const char* files, bool is_link,
                 const Cancellation& cancellation, Status* outcome) {
  auto options = std::make_shared<DedupeOptions>();
  options->is_link = is_link;
  options->proposal.job_name = name;
  CLI::App* command = app.add_subcommand(name, description);
  command->add_option("FILE", options->files, files)->required()->expected(is_link ? 2 : 1, -1);
  command->add_option("-o,--output", options->proposal.output_directory, "Folder for what is written")
      ->capture_default_str();
  command->add_option("--format", options->proposal.output_format, "parquet, csv or ndjson")
      ->check(CLI::IsMember({"parquet", "csv", "ndjson"}))
      ->capture_default_str();
  command->add_option("--save-job", options->save_job, "Keep the proposed job in this file, to look at and change");
  command->add_flag("--propose", options->only_propose, "Propose a job and stop");
  command->add_option("--max-pairs", options->proposal.most_pairs, "Pairs of all blocking rules; default: 50 a record");
  command->add_option("--threshold", options->proposal.predict_threshold, "Match probability to write a pair")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command->add_option("--cluster-threshold", options->proposal.cluster_threshold, "Match probability to join a cluster")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  add_threads_option(*command, options->threads);
  command->add_option("--memory-limit", options->memory_limit, "The most memory to use, such as 8GB")
      ->check(memory_size());
  command->add_option("--rejects", options->rejects,
                      "Go on without lines that cannot be read, and keep them in this file");
  command->add_flag("--json", options->json, "Print results as JSON");
  command->add_flag("-q,--quiet", options->quiet, "Show no progress");
  command->callback([options, &cancellation, outcome] { *outcome = dedupe(*options, cancellation); });
}

}  // namespace

void add_dedupe_commands(CLI::App& app, const Cancellation& cancellation, Status* outcome) {
  add_command(app, "dedupe", "Find the duplicates in a dataset, without a job file", "Files of one dataset", false,
              cancellation, outcome);
  add_command(app, "link", "Link two or more datasets, without a job file", "A file a dataset", true, cancellation,
              outcome);
}

}  // namespace linkwright
