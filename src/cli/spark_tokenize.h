#pragma once

#include <string>

#include "base/cancellation.h"
#include "base/status.h"
#include "cli/spark_flags.h"
#include "linkwright/spark_connection.h"
#include "linkwright/token.h"
#include "token/token_files.h"

namespace CLI {
class App;
}

namespace linkwright {

/// Options of `tokenize --engine spark`.
struct SparkTokenizeOptions {
  spark::ConnectionRequest connection;
  std::string table;          // of people
  SparkFormats formats;       // of people and tokens
  std::string metadata_path;  // "": beside the output where that is a folder of this machine, else here

  void add_to(CLI::App& command);
};

/// Files with secrets that executors have; "": their environment.
struct ExecutorSecretFiles {
  std::string hashing_secret;
  std::string encryption_key;
};

/// `tokenize --engine spark`. Secrets stay on the executors: what this process has of them is not looked at.
Status tokenize_on_spark(const PeopleFiles& input, const std::string& output, const TokenizerOptions& tokenizer,
                         const ExecutorSecretFiles& secrets, const SparkTokenizeOptions& options,
                         const Cancellation& cancellation);

}  // namespace linkwright
