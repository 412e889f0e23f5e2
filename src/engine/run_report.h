#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/run_context.h"
#include "engine/training.h"
#include "model/linkage_job.h"

namespace linkwright {

/// What a run did: the contents of report.json.
struct RunReport {
  struct Input {
    std::string name;
    int64_t rows = 0;
    int64_t rejected_lines = 0;
  };
  std::string job;
  std::string engine = "embedded";
  std::vector<Input> inputs;
  uint64_t records = 0;
  TrainingReport training;
  std::vector<uint64_t> compared_by_rule;
  uint64_t pairs_compared = 0;
  uint64_t predictions = 0;
  uint64_t clusters = 0;           // at the job's first threshold
  std::vector<std::string> notes;  // what a user should know: huge blocks, for example
  std::vector<StageReport> stages;
  std::vector<std::string> files;  // written, in order
  double seconds = 0;
  int64_t peak_memory_bytes = 0;
  int threads = 0;

  /// Takes what is known at the end of a run that began then.
  void complete(const LinkageJob& ran, const RunContext& context, std::chrono::steady_clock::time_point began);

  std::string to_json() const;
};

}  // namespace linkwright
