#pragma once

#include <string>

#include "base/status.h"
#include "engine/run_report.h"
#include "model/linkage_job.h"

namespace CLI {
class App;
}

namespace linkwright {

/// Flags that say which engine runs a job, over what the job says.
struct EngineFlags {
  std::string engine;  // "": the job's
  std::string remote;  // a Spark Connect server; names the Spark engine as well

  void add_to(CLI::App* command);
};

/// Runs a job on the engine that the flags or the job name. `where` names the job file in messages.
Result<RunReport> run_on_engine(LinkageJob job, const std::string& where, const EngineFlags& flags,
                                const RunOptions& options);

/// For commands that know the embedded engine only: tells so, where the job names Spark.
void tell_that_it_runs_here(const LinkageJob& job);

}  // namespace linkwright
