#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "base/status.h"
#include "model/json_reader.h"
#include "token_kernel/executor_secret.h"

namespace linkwright {

/// What the executors are asked to digest the tokens of a dataset with.
struct DigestTask {
  std::string dataset;  // its name, for errors
  std::vector<std::string> rules;
  bool blank_tokens_match = false;
  /// Where the key is; without a `sha256` no key is used, so that all executors do the same.
  ExecutorSecret encryption_key;

  nlohmann::ordered_json to_json() const;
  static Result<DigestTask> from_json(JsonObject& json);
};

}  // namespace linkwright
