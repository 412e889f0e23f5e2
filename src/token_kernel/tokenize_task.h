#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/status.h"
#include "linkwright/token.h"
#include "model/json_reader.h"

namespace linkwright {

/// Where an executor finds a secret: what a task says of it. The secret itself is in no task, as tasks are parts of
/// plans, which Spark shows and writes down.
struct ExecutorSecret {
  std::string variable;  // of the executor's environment; left as it is, for the next task of the same worker
  std::string path;      // a file on the executors, which counts before the variable
  std::string sha256;    // that its content must have; "": any
};

/// What the executors are asked to make tokens with.
struct TokenizeTask {
  TokenizerOptions options;  // with the day and the ring id that all partitions share
  ExecutorSecret hashing_secret;
  ExecutorSecret encryption_key;

  nlohmann::ordered_json to_json() const;
  static Result<TokenizeTask> from_json(JsonObject& json);
};

bool needs_hashing_secret(const TokenizerOptions& options);
bool needs_encryption_key(const TokenizerOptions& options);

/// Reads a secret on an executor. Errors say which executor lacks it, and never a part of it.
Result<Secret> read_executor_secret(const ExecutorSecret& source, const std::string& name);

/// The tokenizer of a task, with the secrets of this executor.
Result<std::shared_ptr<const Tokenizer>> make_tokenizer(const TokenizeTask& task);

}  // namespace linkwright
