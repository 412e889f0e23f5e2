#include "cli/spark_tokenize.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>

#include "base/beside_program.h"
#include "base/remote_path.h"
#include "cli/token_options.h"
#include "linkwright/spark_cluster.h"
#include "spark/tokens/spark_tokens.h"

namespace linkwright {
namespace {

std::string output_format(const std::string& output, const SparkTokenizeOptions& options) {
  if (!options.output_format.empty()) return options.output_format;
  if (output.empty() || output.ends_with(".delta")) return "delta";
  return output.ends_with(".csv") ? "csv" : "parquet";
}

// Beside the tokens where their folder is on this machine; names such as s3a://... and tables are not.
std::string metadata_path(const std::string& output, const SparkTokenizeOptions& options) {
  if (!options.metadata_path.empty()) return options.metadata_path;
  if (output.empty()) return options.output_table + ".metadata.json";
  const std::filesystem::path beside = metadata_path_of(output);
  const bool is_here =
      !has_scheme(output) && (beside.parent_path().empty() || std::filesystem::is_directory(beside.parent_path()));
  return is_here ? beside.string() : beside.filename().string();
}

}  // namespace

void SparkTokenizeOptions::add_to(CLI::App& command) {
  const char* const kGroup = "With --engine spark";
  command.add_option("--remote", connection.remote, "Connection string, sc://HOST:PORT/;NAME=VALUE")->group(kGroup);
  command.add_option("--cluster-profile", connection.profile, "Section of ~/.databrickscfg")->group(kGroup);
  command.add_option("--cluster-id", connection.cluster_id, "Cluster of a Databricks workspace")->group(kGroup);
  command.add_option("--table", table, "People: a table instead of files")->group(kGroup);
  command.add_option("--output-table", output_table, "Tokens: a table instead of a folder")->group(kGroup);
  command.add_option("--output-format", output_format, "parquet, delta or csv; else told from the output's name")
      ->group(kGroup)
      ->check(CLI::IsMember({"parquet", "delta", "csv"}));
  command.add_option("--metadata", metadata_path, "File for the metadata, on this machine")->group(kGroup);
}

Status tokenize_on_spark(const PeopleFiles& input, const std::string& output, const TokenizerOptions& tokenizer,
                         const ExecutorSecretFiles& secrets, const SparkTokenizeOptions& options,
                         const Cancellation& cancellation) {
  if (secrets.hashing_secret == "-" || secrets.encryption_key == "-") {
    return Status::Invalid("with --engine spark secrets are read by the executors and never sent to them: name a file ",
                           "that each executor has, or set the variable in their environment");
  }
  spark::SessionOptions session_options;
  session_options.cancellation = &cancellation;
  ARROW_ASSIGN_OR_RAISE(const spark::Session session, spark::open_session(options.connection, {}, session_options));
  TokenizeTask task;
  task.options = tokenizer;
  task.hashing_secret = {"LINKWRIGHT_HASHING_SECRET", secrets.hashing_secret, ""};
  task.encryption_key = {"LINKWRIGHT_ENCRYPTION_KEY", secrets.encryption_key, ""};
  spark::PeopleOnSpark people{{}, options.table, input.delimiter};
  for (const std::string& path : input.paths) people.paths.push_back(path_for_others(path));
  const spark::TokensOnSpark tokens{path_for_others(output), options.output_table, output_format(output, options)};
  ARROW_ASSIGN_OR_RAISE(
      const TokenizeReport report,
      spark::tokenize_on_spark(session, people, tokens, std::move(task),
                               beside_program("liblinkwright_token_kernel.so"), metadata_path(output, options)));
  for (const std::string& warning : report.warnings) print_warning(warning);
  std::printf("%s: %lld rows, %lld of them with invalid attributes; metadata in %s\n",
              output.empty() ? options.output_table.c_str() : output.c_str(),
              static_cast<long long>(report.counts.rows),
              static_cast<long long>(report.counts.rows_with_invalid_attributes), report.metadata_path.c_str());
  return session.stop();
}

}  // namespace linkwright
