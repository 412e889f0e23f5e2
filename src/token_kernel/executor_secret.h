#pragma once

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

  nlohmann::ordered_json to_json() const;
  /// What a task has under `key`, or nothing at all.
  static Result<ExecutorSecret> from_json(JsonObject& json, const std::string& key);
};

/// Reads a secret on an executor; an empty one where the executor has none. Errors say which executor it is, and never
/// a part of the secret.
Result<Secret> find_executor_secret(const ExecutorSecret& source, const std::string& name);

/// The same, and an error where there is none.
Result<Secret> read_executor_secret(const ExecutorSecret& source, const std::string& name);

}  // namespace linkwright
