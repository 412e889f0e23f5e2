#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "base/status.h"
#include "model/json_reader.h"
#include "model/linkage_job.h"

namespace linkwright {

/// What the kernel is asked to do: the JSON object of a task while it is read.
class KernelTask {
 public:
  /// Errors: not a JSON object, no operation in it.
  static Result<KernelTask> parse(std::string_view json);

  const std::string& operation() const { return operation_; }

  /// The job under "job".
  Result<LinkageJob> job();

  /// The operation's own options. An operation ends with `check_unknown_keys`.
  JsonObject& options() { return *object_; }

 private:
  std::unique_ptr<nlohmann::ordered_json> json_;
  std::unique_ptr<JsonObject> object_;  // reads `json_`
  std::string operation_;
};

}  // namespace linkwright
