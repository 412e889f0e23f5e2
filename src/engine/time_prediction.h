#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "block/candidate_pairs.h"
#include "column/record_table.h"
#include "engine/run_context.h"
#include "model/linkage_job.h"

namespace linkwright {

/// What a run of a job is expected to take, stage by stage.
struct TimePrediction {
  struct Stage {
    std::string stage;  // as the run calls it
    double seconds = 0;
  };
  std::vector<Stage> stages;   // in the order of the run
  uint64_t sampled_pairs = 0;  // scored to find out

  double seconds() const;
};

/// Measured, not looked up: the job's comparisons are compiled and run on a seeded sample of each stage's pairs, and
/// some of the outputs are written to a temporary file, on the threads and the machine that the run will have. Stages
/// that `context` has done already (reading, preparing, blocking) take what they took. Costs about a fifth of a second
/// a stage of comparing, and the block indexes of the training rules. Within 30 % of the run on a machine as busy as
/// now (docs/performance.md). Errors: those of the run; Cancelled.
Result<TimePrediction> predict_time(const LinkageJob& job, const RecordTable& records, const CandidatePairs& pairs,
                                    RunContext& context);

}  // namespace linkwright
