#pragma once

#include <optional>
#include <string>

#include "base/cancellation.h"
#include "base/status.h"
#include "engine/run_context.h"
#include "model/linkage_job.h"

namespace CLI {
class App;
}

namespace linkwright {

/// The flags that commands on jobs share.
struct JobOptions {
  std::string job;
  std::string output;
  std::optional<int> threads;
  std::string memory_limit;
  std::string rejects;
  std::string model;  // whose flag commands add where they have it
  bool json = false;
  bool quiet = false;

  void add_to(CLI::App* command);

  /// The job, changed as the flags say.
  Result<LinkageJob> load() const;
  RunOptions run_options(const Cancellation& cancellation) const;
};

}  // namespace linkwright
