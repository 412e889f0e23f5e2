#include "cli/tokenize_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>

#include "cli/progress_display.h"
#include "cli/token_options.h"
#include "io/kept_inputs.h"
#include "linkwright/token.h"
#include "token/secret_source.h"
#include "token/token_files.h"
#ifdef LINKWRIGHT_HAS_SPARK
#include "cli/spark_tokenize.h"
#endif

namespace linkwright {
namespace {

struct TokenizeCommand {
  PeopleFiles input;
  std::string delimiter;
  std::string output;
  std::string mode = "encrypt";
  std::string profile = "java-1.13";
  int format = 0;
  std::string rules_path;
  TokenizerOptions options;
  TokenCommandOptions common;
#ifdef LINKWRIGHT_HAS_SPARK
  std::string engine = "embedded";
  SparkTokenizeOptions spark;
#endif

  Status run(const Cancellation& cancellation);
  void check_usage() const;
  Status complete_options();
  Status check_places() const;
};

Result<std::string> read_text_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Status::IOError("cannot read '", path, "'");
  return std::string(std::istreambuf_iterator<char>(in), {});
}

/// For CLI11: "" when it is fine.
std::string single_character(const std::string& text) {
  return text.size() == 1 ? "" : "is one character, for example ';'";
}

Status TokenizeCommand::complete_options() {
  if (!delimiter.empty()) input.delimiter = delimiter.front();
  ARROW_ASSIGN_OR_RAISE(options.profile, parse_token_profile(profile));
  ARROW_ASSIGN_OR_RAISE(options.mode, parse_token_mode(mode));
  if (format != 0) options.format = format == 1 ? TokenFormat::kEncryptedHash : TokenFormat::kMatchToken;
  if (!rules_path.empty()) {
    ARROW_ASSIGN_OR_RAISE(const std::string json, read_text_file(rules_path));
    ARROW_ASSIGN_OR_RAISE(options.rules, parse_token_rules(json, rules_path, options.profile));
  }
  return common.check();
}

// What is always needed, but for tables, which are Spark's. Throws what CLI11 takes for wrong usage.
void TokenizeCommand::check_usage() const {
#ifdef LINKWRIGHT_HAS_SPARK
  if (!spark.table.empty() || !spark.formats.output_table.empty()) return;
#endif
  if (input.paths.empty()) throw CLI::RequiredError("input, a file of people,");
  if (output.empty()) throw CLI::RequiredError("--output, a file for the tokens,");
}

// Where people come from and tokens go.
Status TokenizeCommand::check_places() const {
#ifdef LINKWRIGHT_HAS_SPARK
  if (engine == "spark") return Status::OK();  // which checks its own
  if (!spark.table.empty() || !spark.formats.output_table.empty()) {
    return Status::Invalid("tables are read and written with --engine spark only");
  }
#endif
  return keep_inputs(input.paths, {output});
}

Status TokenizeCommand::run(const Cancellation& cancellation) {
  const CoreDumpGuard no_core_dumps;
  ARROW_RETURN_NOT_OK(complete_options());
  ARROW_RETURN_NOT_OK(check_places());
#ifdef LINKWRIGHT_HAS_SPARK
  if (engine == "spark") {
    return tokenize_on_spark(input, output, options, {common.hashing_secret_file, common.encryption_key_file}, spark,
                             cancellation);
  }
#endif
  ARROW_ASSIGN_OR_RAISE(Secret hashing_secret, common.hashing_secret());
  ARROW_ASSIGN_OR_RAISE(Secret encryption_key, common.encryption_key());
  ARROW_ASSIGN_OR_RAISE(auto tokenizer, Tokenizer::make(options, std::move(hashing_secret), std::move(encryption_key)));
  ThreadPool pool(common.threads);
  Progress progress(progress_display());
  ARROW_ASSIGN_OR_RAISE(const TokenizeReport report,
                        tokenize_files(input, output, *tokenizer, {pool, &progress, &cancellation}));
  for (const std::string& warning : report.warnings) print_warning(warning);
  if (report.malformed_rows > 0) {
    print_warning(
        std::to_string(report.malformed_rows) +
        " rows are malformed: CSV with text after a closing quote is read on, JSON that is no object left out");
  }
  std::printf("%s: %lld rows, %lld of them with invalid attributes; metadata in %s\n", output.c_str(),
              static_cast<long long>(report.counts.rows),
              static_cast<long long>(report.counts.rows_with_invalid_attributes), report.metadata_path.c_str());
  return Status::OK();
}

struct DetokenizeCommand {
  std::string input;
  std::string output;
  std::string profile = "java-1.13";
  TokenCommandOptions common;

  Status run(const Cancellation& cancellation);
};

Status DetokenizeCommand::run(const Cancellation& cancellation) {
  const CoreDumpGuard no_core_dumps;
  ARROW_ASSIGN_OR_RAISE(const TokenProfile parsed_profile, parse_token_profile(profile));
  ARROW_ASSIGN_OR_RAISE(const Secret key, common.encryption_key());
  if (key.empty()) {
    return Status::Invalid("no encryption key; set LINKWRIGHT_ENCRYPTION_KEY or give --encryption-key-file");
  }
  ARROW_RETURN_NOT_OK(keep_inputs({input}, {output}));
  ThreadPool pool(common.threads);
  Progress progress(progress_display());
  ARROW_ASSIGN_OR_RAISE(const DetokenizeReport report,
                        detokenize_file(input, output, parsed_profile, key, {pool, &progress, &cancellation}));
  if (report.unreadable > 0) {
    print_warning(input + ": " + std::to_string(report.unreadable) +
                  " tokens are not encrypted with this key; kept as they are");
  }
  std::printf("%s: %lld tokens, %lld decrypted, %lld blank\n", output.c_str(), static_cast<long long>(report.rows),
              static_cast<long long>(report.decrypted), static_cast<long long>(report.blank));
  return Status::OK();
}

}  // namespace

void add_tokenize_command(CLI::App& app, const Cancellation& cancellation, Status* outcome) {
  auto command = std::make_shared<TokenizeCommand>();
  CLI::App* tokenize = app.add_subcommand("tokenize", "Make private tokens of the people in a file (docs/tokens.md)");
  tokenize->add_option("input", command->input.paths,
                       "People: files or globs; .csv, .tsv, .json, .ndjson (also .gz, .zst) or .parquet");
  tokenize->add_option("-o,--output", command->output, "File of tokens, .parquet or .csv");
  tokenize->add_option("--delimiter", command->delimiter, "Between the fields of CSV; else a comma, in .tsv a tab")
      ->check(single_character);
  tokenize->add_option("--mode", command->mode, "encrypt, hash, plain or sha256")->capture_default_str();
  tokenize->add_option("--profile", command->profile, "java-1.13, py-1.13, java-2.1 or py-2.2")->capture_default_str();
  tokenize->add_option("--token-format", command->format, "1: base64; 2: olt.V1 match tokens; else the profile's")
      ->check(CLI::Range(1, 2));
  tokenize->add_option("--ring-id", command->options.ring_id, "Names the key in match tokens; else a random UUID");
  tokenize->add_option("--rules", command->rules_path, "JSON file of token rules; else T1 to T5");
  tokenize->add_option("--today", command->options.today, "Last valid birth date, yyyy-MM-dd; else today");
  tokenize->add_option("--time-zone", command->options.time_zone, "Zone for timestamps and today")
      ->capture_default_str();
  command->common.add_hashing_secret(*tokenize);
  command->common.add_encryption_key(*tokenize);
  command->common.add_threads(*tokenize);
#ifdef LINKWRIGHT_HAS_SPARK
  tokenize
      ->add_option("--engine", command->engine, "embedded, or spark: on a cluster, whose executors have the secrets")
      ->capture_default_str()
      ->check(CLI::IsMember({"embedded", "spark"}));
  command->spark.add_to(*tokenize);
#endif
  tokenize->callback([command, &cancellation, outcome] {
    command->check_usage();
    *outcome = command->run(cancellation);
  });
}

void add_detokenize_command(CLI::App& app, const Cancellation& cancellation, Status* outcome) {
  auto command = std::make_shared<DetokenizeCommand>();
  CLI::App* detokenize = app.add_subcommand("detokenize", "Decrypt tokens to hash tokens, which can be compared");
  detokenize->add_option("input", command->input, "A file of tokens, .parquet or .csv")->required();
  detokenize->add_option("-o,--output", command->output, "The same with hash tokens")->required();
  detokenize->add_option("--profile", command->profile, "Whose CSV quoting to write")->capture_default_str();
  command->common.add_encryption_key(*detokenize);
  command->common.add_threads(*detokenize);
  detokenize->callback([command, &cancellation, outcome] { *outcome = command->run(cancellation); });
}

}  // namespace linkwright
