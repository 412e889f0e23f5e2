#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "base/thread_pool.h"
#include "column/record_table.h"
#include "engine/run_context.h"
#include "io/table_survey.h"
#include "model/linkage_job.h"

namespace linkwright {

/// What a job's inputs hold, all of them together: what the memory of a run follows from.
struct InputSurvey {
  std::vector<TableSurvey> inputs;
  uint64_t rows = 0;
  std::vector<ColumnSurvey> columns;  // of the first input; derived ones last, by what they are made of

  const ColumnSurvey* find(const std::string& name) const;
};

/// One pass over the inputs, in little memory.
Result<InputSurvey> survey_inputs(const LinkageJob& job, const RunContext& context);

/// Candidate pairs, where they have been counted; before that a job may have any number.
struct PairBounds {
  uint64_t predicted = UINT64_MAX;
  uint64_t trained = UINT64_MAX;        // of the largest EM session with term frequencies
  uint64_t largest_block = UINT64_MAX;  // rows on a side, of any rule
};

/// Counts a job's pairs before filters and earlier rules are taken off: what blocking alone tells.
Result<PairBounds> count_pairs_before_exclusion(const LinkageJob& job, const RecordTable& records, ThreadPool& pool);

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
