#include "cli/overlap_command.h"

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "base/memory_budget.h"
#include "cli/number_options.h"
#include "cli/progress_display.h"
#include "cli/token_options.h"
#include "io/kept_inputs.h"
#include "token/overlap_report.h"
#include "token/secret_source.h"
#ifdef LINKWRIGHT_HAS_SPARK
#include "cli/spark_overlap.h"
#endif

namespace linkwright {
namespace {

struct OverlapCommand {
  std::vector<std::string> inputs;
  std::vector<std::string> rules;
  std::string names;
  std::string output = "overlap.json";
  std::string matches_path;
  std::string memory_limit = "1GiB";
  std::string temporary_folder;
  int64_t memory_limit_bytes = 0;
  bool print_json = false;
  OverlapOptions options;
  TokenCommandOptions common;
#ifdef LINKWRIGHT_HAS_SPARK
  std::string engine = "embedded";
  SparkOverlapOptions spark;
  std::vector<SparkDataset> datasets;  // files and tables, in the order in which they were given
#endif

  Status run(const Cancellation& cancellation);
  void check_usage() const;
  Status complete_options();
  Result<std::vector<OverlapResult>> run_on_engine(const Cancellation& cancellation);
  Result<std::vector<OverlapResult>> run_here(const Cancellation& cancellation);
  std::string matches_file() const;
  std::string folder_for_sorting() const;
};

#ifdef LINKWRIGHT_HAS_SPARK
std::vector<SparkDataset> datasets_in_order(const CLI::App& command) {
  std::vector<SparkDataset> datasets;
  std::array<size_t, 2> taken{};  // of files, of tables
  for (const CLI::Option* option : command.parse_order()) {
    const bool is_table = option->get_name() == "--table";
    if (is_table || option->get_name() == "datasets") {
      datasets.push_back({option->results()[taken[is_table ? 1 : 0]++], is_table});
    }
  }
  return datasets;
}
#endif

std::vector<std::string> split_at_commas(const std::string& text) {
  std::vector<std::string> pieces;
  size_t start = 0;
  for (size_t comma; (comma = text.find(',', start)) != std::string::npos; start = comma + 1) {
    pieces.push_back(text.substr(start, comma - start));
  }
  pieces.push_back(text.substr(start));
  std::erase(pieces, "");
  return pieces;
}

Status OverlapCommand::complete_options() {
  constexpr int64_t kLeastMemory = int64_t{256} << 20;
  ARROW_ASSIGN_OR_RAISE(memory_limit_bytes, parse_bytes(memory_limit));
  if (memory_limit_bytes < kLeastMemory) {
    return Status::Invalid("--memory-limit is ", memory_limit, "; an overlap needs at least ",
                           format_bytes(kLeastMemory));
  }
  for (const std::string& set : rules) {
    options.rule_sets.push_back(split_at_commas(set));
    if (options.rule_sets.back().empty())
      return Status::Invalid("--rules '", set, "' names no rule; for example T1,T2");
  }
  const std::vector<std::string> given = split_at_commas(names);
  if (!given.empty() && given.size() != 2)
    return Status::Invalid("--names takes two names: --names Hospital_A,Hospital_B");
  if (given.size() == 2) {
    options.name1 = given[0];
    options.name2 = given[1];
  }
  if (options.name1 == options.name2) return Status::Invalid("--names: the two names must differ");
  return Status::OK();
}

std::string OverlapCommand::matches_file() const {
  return matches_path.empty() ? matches_path_beside(output, "csv") : matches_path;
}

/// Beside the result, where there should be space: a folder for temporary files may lie in memory.
std::string OverlapCommand::folder_for_sorting() const {
  return temporary_folder.empty() ? std::filesystem::path(output).parent_path().string() : temporary_folder;
}

Status print_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!(std::cout << file.rdbuf() << std::flush)) return Status::IOError("cannot print ", path);
  return Status::OK();
}

Status OverlapCommand::run(const Cancellation& cancellation) {
  const CoreDumpGuard no_core_dumps;
  ARROW_RETURN_NOT_OK(complete_options());
  ARROW_RETURN_NOT_OK(keep_inputs(inputs, {output, matches_file()}));
  ARROW_ASSIGN_OR_RAISE(const std::vector<OverlapResult> results, run_on_engine(cancellation));
  if (print_json) return print_file(output);
  for (const OverlapResult& result : results) std::fputs(overlap_summary(result, options).c_str(), stdout);
  return Status::OK();
}

// Throws what CLI11 takes for wrong usage.
void OverlapCommand::check_usage() const {
  size_t given = inputs.size();
#ifdef LINKWRIGHT_HAS_SPARK
  given += spark.tables.size();
#endif
  if (given != 2) throw CLI::RequiredError("datasets: two files of tokens");
}

Result<std::vector<OverlapResult>> OverlapCommand::run_on_engine(const Cancellation& cancellation) {
#ifdef LINKWRIGHT_HAS_SPARK
  if (engine == "spark") {
    return overlap_on_spark({datasets[0], datasets[1]}, options, {output, matches_path}, common.encryption_key_file,
                            spark, cancellation);
  }
  if (!spark.tables.empty() || !spark.formats.output_table.empty()) {
    return Status::Invalid("tables are read and written with --engine spark only");
  }
#endif
  return run_here(cancellation);
}

Result<std::vector<OverlapResult>> OverlapCommand::run_here(const Cancellation& cancellation) {
  ARROW_ASSIGN_OR_RAISE(const Secret key, common.encryption_key());
  ThreadPool pool(common.threads);
  Progress progress(progress_display());
  const TokenRun run{pool, &progress, &cancellation};
  // Half of the memory is for sorting. Everything else takes about 100 MiB, whatever the limit.
  const SortSpace space{static_cast<size_t>(memory_limit_bytes) / 2, folder_for_sorting()};
  OverlapJoin join(options, space);
  for (size_t dataset = 0; dataset < inputs.size(); ++dataset) {
    // They and their half of that memory go when the join has them.
    ARROW_ASSIGN_OR_RAISE(TokenisedRecords records,
                          TokenisedRecords::read(inputs[dataset], options.rules(), options.blank_tokens_match, key,
                                                 {space.memory_bytes / 2, space.folder}, run));
    if (const std::string warning = records.tally().warning(inputs[dataset]); !warning.empty()) print_warning(warning);
    ARROW_RETURN_NOT_OK(join.add(dataset, &records, &cancellation));
  }
  return write_overlap(&join, options, output, matches_file(), &cancellation);
}

}  // namespace

void add_overlap_command(CLI::App& app, const Cancellation& cancellation, Status* outcome) {
  auto command = std::make_shared<OverlapCommand>();
  CLI::App* overlap = app.add_subcommand("overlap", "Compare two tokenised datasets (docs/tokens.md)");
  overlap->add_option("datasets", command->inputs, "Two files of tokens, .parquet or .csv")->expected(0, 2);
  overlap->add_option("--rules", command->rules, "Rules that must all agree, T1,T2; repeat for further sets")
      ->required();
  overlap->add_option("--names", command->names, "Names of the two datasets, Hospital_A,Hospital_B");
  overlap->add_option("-o,--output", command->output, "JSON result")->capture_default_str();
  overlap->add_option("--matches", command->matches_path, "CSV of the matched pairs; else beside the result");
  overlap->add_option("--memory-limit", command->memory_limit, "The most memory to use; the rest is sorted on disk")
      ->check(memory_size())
      ->capture_default_str();
  overlap->add_option("--temporary-folder", command->temporary_folder, "For sorting; else the folder of the result");
  overlap->add_flag("--blank-tokens-match", command->options.blank_tokens_match,
                    "Count as the reference does: blank tokens equal each other");
  overlap->add_flag("--json", command->print_json, "Print the JSON result instead of the summary");
  command->common.add_encryption_key(*overlap);
  command->common.add_threads(*overlap);
#ifdef LINKWRIGHT_HAS_SPARK
  overlap->add_option("--engine", command->engine, "embedded, or spark: on a cluster, whose executors have the key")
      ->capture_default_str()
      ->check(CLI::IsMember({"embedded", "spark"}));
  command->spark.add_to(*overlap);
#endif
  overlap->callback([command, overlap, &cancellation, outcome] {
    command->check_usage();
#ifdef LINKWRIGHT_HAS_SPARK
    command->datasets = datasets_in_order(*overlap);
#endif
    *outcome = command->run(cancellation);
  });
}

}  // namespace linkwright
