#include "cli/profile_command.h"

#include <arrow/table.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/thread_pool.h"
#include "cli/number_options.h"
#include "io/table_reader.h"
#include "profile/table_profile.h"

namespace linkwright {
namespace {

struct ProfileCommandOptions {
  std::vector<std::string> files;
  ProfileOptions profile;
  int threads = 0;
  bool json = false;
};

Status show_profile(const ProfileCommandOptions& options, const Cancellation& cancellation) {
  ThreadPool pool(options.threads);
  ReadOptions read;
  read.cancellation = &cancellation;
  ARROW_ASSIGN_OR_RAISE(const auto table, read_tables(options.files, read, pool, nullptr));
  ProfileOptions profile_options = options.profile;
  profile_options.cancellation = &cancellation;
  ARROW_ASSIGN_OR_RAISE(const TableProfile profile, profile_table(*table, pool, profile_options));
  std::printf("%s\n", options.json ? profile.to_json().dump(2).c_str() : profile.to_text().c_str());
  return Status::OK();
}

}  // namespace

void add_profile_command(CLI::App& app, const Cancellation& cancellation, Status* outcome) {
  auto options = std::make_shared<ProfileCommandOptions>();
  CLI::App* command = app.add_subcommand("profile", "Tell what the columns of a dataset hold");
  command->add_option("FILE", options->files, "Files of one dataset")->required();
  command
      ->add_option("--top", options->profile.most_top_values, "Frequent values to show of each column (text: up to 5)")
      ->capture_default_str();
  command->add_option("--rows", options->profile.most_rows, "Rows to look at; of larger data a seeded sample")
      ->check(at_least(1))
      ->capture_default_str();
  add_threads_option(*command, options->threads);
  command->add_flag("--json", options->json, "Print as JSON");
  command->callback([options, &cancellation, outcome] { *outcome = show_profile(*options, cancellation); });
}

}  // namespace linkwright
