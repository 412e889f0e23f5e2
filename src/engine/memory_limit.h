#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "column/record_table.h"
#include "engine/memory_prediction.h"
#include "engine/run_context.h"
#include "model/linkage_job.h"

namespace linkwright {

/// What a run of a job takes at its peak.
struct RunMemory {
  int64_t expected_bytes = 0;                   // without a limit
  int64_t least_bytes = 0;                      // with the lowest limit under which it is not refused
  std::vector<MemoryPrediction::Stage> stages;  // without a limit

  /// That limit: rounded up, so that the number told does.
  int64_t least_limit_mebibytes() const { return (least_bytes + (int64_t{1} << 20) - 1) >> 20; }
};

/// Looks through the inputs once more, in little memory, and counts pairs of `records`, which are the job's.
Result<RunMemory> predict_memory(const LinkageJob& job, const RecordTable& records, RunContext& context);

/// Holds a job against its memory limit before it runs, and refuses it with the number that it needs. That number, as a
/// limit, is not refused.
///
/// How many pairs there are is known only when records have been read and blocked. So a job that might fit is read
/// first, where reading it fits for sure, and looked at again; nothing has been trained or written then. Costs nothing
/// without a limit.
class MemoryLimit {
 public:
  /// Errors: OutOfMemory, whose message tells what is needed; what `survey_inputs` meets.
  static Result<MemoryLimit> check(const LinkageJob& job, RunContext& context);

  /// The second look, which does nothing where the first one settled it.
  Status check_pairs(const LinkageJob& job, const RecordTable& records, RunContext& context);

 private:
  std::unique_ptr<InputSurvey> open_;  // of a job that is not settled yet
};

/// Refuses, in the same way and before anything large is read, a command on a run that is over. `predictions` is the
/// file that it reads; "" where it reads none.
Status check_memory_of(LaterUse use, const LinkageJob& job, const std::string& predictions, RunContext& context);

}  // namespace linkwright
