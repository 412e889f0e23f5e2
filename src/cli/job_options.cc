#include "cli/job_options.h"

#include <CLI/CLI.hpp>

#include "base/memory_budget.h"
#include "cli/number_options.h"
#include "cli/progress_display.h"
#include "engine/output_files.h"
#include "io/kept_inputs.h"

namespace linkwright {

void JobOptions::add_to(CLI::App* command) {
  command->add_option("JOB", job, "The job file (docs/jobs.md)")->required();
  command->add_option("-o,--output", output, "Folder for what is written; default: the job's output.dir");
  add_threads_option(*command, threads);
  command->add_option("--memory-limit", memory_limit, "The most memory to use, such as 8GB")->check(memory_size());
  command->add_option("--rejects", rejects, "Go on without lines that cannot be read, and keep them in this file");
  command->add_flag("--json", json, "Print results as JSON");
  command->add_flag("-q,--quiet", quiet, "Show no progress");
}

Result<LinkageJob> JobOptions::load() const {
  ARROW_ASSIGN_OR_RAISE(LinkageJob loaded, LinkageJob::from_file(job));
  if (!output.empty()) loaded.output.directory = output;
  ARROW_RETURN_NOT_OK(
      keep_inputs({job}, {output_path(loaded, "model.json"), output_path(loaded, "report.json"), rejects}));
  if (threads) loaded.engine.threads = *threads;
  if (!memory_limit.empty()) {
    ARROW_ASSIGN_OR_RAISE(loaded.engine.memory_limit_bytes, parse_bytes(memory_limit));
  }
  if (!model.empty()) {
    ARROW_ASSIGN_OR_RAISE(loaded.model, LinkageModel::from_file(model));
    loaded.training = {};
  }
  return loaded;
}

RunOptions JobOptions::run_options(const Cancellation& cancellation) const {
  RunOptions options;
  options.cancellation = &cancellation;
  options.rejects_path = rejects;
  if (!quiet) options.progress = progress_display();
  return options;
}

}  // namespace linkwright
