#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <new>

#include "base/allocator.h"
#include "base/cancellation.h"
#include "base/clean_end.h"
#include "base/status.h"
#include "base/unfinished_files.h"
#include "cli/cluster_command.h"
#include "cli/dedupe_command.h"
#include "cli/evaluate_command.h"
#include "cli/generate_command.h"
#include "cli/job_commands.h"
#include "cli/overlap_command.h"
#include "cli/profile_command.h"
#include "cli/tokenize_command.h"

namespace {

enum ExitCode { kDone = 0, kJobFailed = 1, kWrongUsage = 2 };

// The handler of Ctrl-C can reach nothing but a static object; it only sets the flag.
linkwright::Cancellation interrupted;

// A second signal comes from someone who will not wait: the files under way are removed, and the program ends by it.
void on_second_interrupt(int signal_number) {
  linkwright::remove_unfinished_files();
  std::signal(signal_number, SIG_DFL);
  std::raise(signal_number);
}

void on_interrupt(int signal_number) {
  interrupted.request();
  std::signal(signal_number, on_second_interrupt);
}

int run_command(int argc, char** argv) {
  CLI::App app("linkwright finds the records that describe the same person, company or thing.");
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
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kWrongUsage;
  }
  if (outcome.ok()) return kDone;
  std::fprintf(stderr, "linkwright: %s\n", outcome.message().c_str());
  return kJobFailed;
}

}  // namespace

int main(int argc, char** argv) {
  linkwright::end_cleanly_without_recovery();
  linkwright::keep_freed_memory();
  std::signal(SIGINT, on_interrupt);
  std::signal(SIGTERM, on_interrupt);
  try {
    return run_command(argc, argv);
  } catch (const std::bad_alloc&) {
    std::fprintf(stderr, "linkwright: %s\n", linkwright::memory_ran_out().message().c_str());
    return kJobFailed;
  }
}
