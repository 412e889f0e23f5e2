#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/status.h"
#include "linkwright/token.h"
#include "model/json_reader.h"
#include "token_kernel/executor_secret.h"

namespace linkwright {

/// What the executors are asked to make tokens with.
struct TokenizeTask {
  TokenizerOptions options;  // with the day and the ring id that all partitions share
  ExecutorSecret hashing_secret;
  ExecutorSecret encryption_key;

  nlohmann::ordered_json to_json() const;
  static Result<TokenizeTask> from_json(JsonObject& json);
};

/// The tokenizer of a task, with the secrets of this executor.
Result<std::shared_ptr<const Tokenizer>> make_tokenizer(const TokenizeTask& task);

}  // namespace linkwright
