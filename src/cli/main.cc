#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "base/allocator.h"
#include "base/cancellation.h"
#include "base/clean_end.h"
#include "base/nearest_name.h"
#include "base/status.h"
#include "cli/cluster_command.h"
#include "cli/dedupe_command.h"
#include "cli/evaluate_command.h"
#include "cli/generate_command.h"
#include "cli/help_layout.h"
#include "cli/interruption.h"
#include "cli/job_commands.h"
#include "cli/overlap_command.h"
#include "cli/profile_command.h"
#ifdef LINKWRIGHT_HAS_SPARK
#include "cli/spark_command.h"
#endif
#include "cli/standard_streams.h"
#include "cli/tokenize_command.h"

namespace {

enum ExitCode { kDone = 0, kJobFailed = 1, kWrongUsage = 2 };

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  return names;
}

int run_command(int argc, char** argv, const linkwright::Cancellation& interrupted) {
  CLI::App app("linkwright finds the records that describe the same person, company or thing.");
  app.formatter(std::make_shared<linkwright::HelpLayout>());  // which subcommands inherit
  app.require_subcommand(1);
  app.set_version_flag("--version", LINKWRIGHT_VERSION);
  linkwright::Status outcome;
  linkwright::add_dedupe_commands(app, interrupted, &outcome);
  linkwright::add_job_commands(app, interrupted, &outcome);
  linkwright::add_cluster_command(app, interrupted, &outcome);
  linkwright::add_evaluate_command(app, interrupted, &outcome);
  linkwright::add_profile_command(app, interrupted, &outcome);
  linkwright::add_generate_command(app, interrupted, &outcome);
  linkwright::add_tokenize_command(app, interrupted, &outcome);
  linkwright::add_detokenize_command(app, interrupted, &outcome);
  linkwright::add_overlap_command(app, interrupted, &outcome);
#ifdef LINKWRIGHT_HAS_SPARK
  linkwright::add_spark_commands(app, interrupted, &outcome);
#endif
  const std::vector<std::string> commands = command_names(app);
  if (argc > 1 && argv[1][0] != '-' && std::find(commands.begin(), commands.end(), argv[1]) == commands.end()) {
    std::fprintf(stderr, "linkwright: there is no command '%s'%s\nlinkwright --help tells all of them.\n", argv[1],
                 linkwright::suggestion(argv[1], commands).c_str());
    return kWrongUsage;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kWrongUsage;
  }
  if (outcome.ok()) outcome = linkwright::finish_standard_output();
  if (outcome.ok()) return kDone;
  if (outcome.IsCancelled()) {
    linkwright::tell_interrupted();
  } else {
    std::fprintf(stderr, "linkwright: %s\n", outcome.message().c_str());
  }
  return kJobFailed;
}

}  // namespace

int main(int argc, char** argv) {
  linkwright::open_standard_streams();
#ifdef LINKWRIGHT_HAS_SPARK
  // gRPC's own words name its source files, and show headers that it refuses; what fails is in our messages.
  setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);  // NOLINT(concurrency-mt-unsafe): there is one thread yet
#endif
  linkwright::end_cleanly_without_recovery();
  linkwright::keep_freed_memory();
  const linkwright::Cancellation& interrupted = linkwright::end_by_interruption();
  try {
    return run_command(argc, argv, interrupted);
  } catch (const std::bad_alloc&) {
    std::fprintf(stderr, "linkwright: %s\n", linkwright::memory_ran_out().message().c_str());
    return kJobFailed;
  }
}
