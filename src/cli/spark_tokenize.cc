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

// Beside the tokens where their folder is on this machine; names such as s3a://... and tables are not.
std::string metadata_path(const std::string& output, const SparkTokenizeOptions& options) {
  if (!options.metadata_path.empty()) return options.metadata_path;
  if (output.empty()) return options.formats.output_table + ".metadata.json";
  const std::filesystem::path beside = metadata_path_of(output);
  const bool is_here =
      !has_scheme(output) && (beside.parent_path().empty() || std::filesystem::is_directory(beside.parent_path()));
  return is_here ? beside.string() : beside.filename().string();
}

}  // namespace

void SparkTokenizeOptions::add_to(CLI::App& command) {
  add_spark_connection(command, &connection);
  command.add_option("--table", table, "People: a table instead of files")->group(kSparkGroup);
  formats.add_to(command, "Tokens");
  command.add_option("--metadata", metadata_path, "File for the metadata, on this machine")->group(kSparkGroup);
}

Status tokenize_on_spark(const PeopleFiles& input, const std::string& output, const TokenizerOptions& tokenizer,
                         const ExecutorSecretFiles& secrets, const SparkTokenizeOptions& options,
                         const Cancellation& cancellation) {
  ARROW_RETURN_NOT_OK(check_executor_secret_file(secrets.hashing_secret));
  ARROW_RETURN_NOT_OK(check_executor_secret_file(secrets.encryption_key));
  spark::SessionOptions session_options;
  session_options.cancellation = &cancellation;
  ARROW_ASSIGN_OR_RAISE(const spark::Session session, spark::open_session(options.connection, {}, session_options));
  TokenizeTask task;
  task.options = tokenizer;
  task.hashing_secret = {"LINKWRIGHT_HASHING_SECRET", secrets.hashing_secret, ""};
  task.encryption_key = {"LINKWRIGHT_ENCRYPTION_KEY", secrets.encryption_key, ""};
  const SparkFormats& formats = options.formats;
  const spark::TextSource people{paths_for_spark(input.paths), options.table, input.delimiter, formats.input_format};
  const spark::TokensOnSpark tokens{path_for_others(output), formats.output_table, formats.format_of(output)};
  ARROW_ASSIGN_OR_RAISE(
      const TokenizeReport report,
      spark::tokenize_on_spark(session, people, tokens, std::move(task),
                               beside_program("liblinkwright_token_kernel.so"), metadata_path(output, options)));
  for (const std::string& warning : report.warnings) print_warning(warning);
  std::printf("%s: %lld rows, %lld of them with invalid attributes; metadata in %s\n",
              output.empty() ? formats.output_table.c_str() : output.c_str(),
              static_cast<long long>(report.counts.rows),
              static_cast<long long>(report.counts.rows_with_invalid_attributes), report.metadata_path.c_str());
  return session.stop();
}

}  // namespace linkwright
