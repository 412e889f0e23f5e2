#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "engine/input_survey.h"
#include "engine/pair_bounds.h"
#include "io/table_survey.h"
#include "model/linkage_job.h"

namespace linkwright {

/// The most memory that a run holds at a time, stage by stage.
struct MemoryPrediction {
  struct Stage {
    std::string stage;
    int64_t bytes = 0;
    bool is_before_pairs = false;  // the same for any number of pairs
  };
  std::vector<Stage> stages;

  /// The stage that takes most.
  const Stage& largest() const;
  /// What the process takes at its peak.
  int64_t peak_bytes() const { return largest().bytes; }
  /// The same for what must be done before pairs can be counted.
  int64_t peak_bytes_before_pairs() const;
};

/// What cannot be known of pairs before they are compared is taken as usual, to tell what a run will probably take, or
/// as the worst that is likely and with the least buffers, to tell under which limit it runs.
enum class MemoryAssumption { kUsual, kWorst };

/// Predicts the memory of a run of `job` on `threads`. docs/performance.md tells how near it comes. Errors: a rule or
/// condition that does not parse.
Result<MemoryPrediction> predict_memory(const LinkageJob& job, const InputSurvey& inputs, int threads,
                                        const PairBounds& pairs, MemoryAssumption assumption);

/// What a command does with the records and predictions of a run that is over.
enum class LaterUse { kCluster, kExplain };

/// The same for such a command, with the least buffers. `predictions` tells of a file that it reads whole.
Result<MemoryPrediction> predict_memory_of(LaterUse use, const LinkageJob& job, const InputSurvey& inputs, int threads,
                                           const TableSurvey* predictions);

}  // namespace linkwright
