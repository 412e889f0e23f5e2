#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "column/record_table.h"
#include "engine/memory_limit.h"
#include "engine/run_context.h"
#include "engine/time_prediction.h"
#include "model/linkage_job.h"

namespace linkwright {

/// What a job's blocking rules make, and what running it costs, told without running it.
struct BlockingReport {
  struct Block {
    std::string example_id;  // a record in it
    uint64_t left_rows = 0;
    uint64_t right_rows = 0;
    uint64_t pairs = 0;
  };
  struct Rule {
    std::string sql;
    uint64_t pairs = 0;           // of the rule alone, before filters
    uint64_t marginal_pairs = 0;  // not made by an earlier rule, filters applied
    std::vector<Block> largest_blocks;
  };
  std::vector<Rule> rules;
  uint64_t pairs_to_compare = 0;
  bool pairs_are_estimated = false;  // marginal ones: filters of very many pairs are asked of a sample
  RunMemory memory;                  // of the whole run
  TimePrediction time;               // of a run on `threads`
  int threads = 1;
  std::vector<std::string> notes;  // blocks that make much of the work

  std::string to_text() const;
  std::string to_json() const;
};

/// Pair counts are exact unless it says that they are estimated; memory and time are predictions (docs/performance.md
/// says how good).
Result<BlockingReport> report_blocking(const LinkageJob& job, const RecordTable& records, size_t blocks_per_rule,
                                       RunContext& context);

}  // namespace linkwright
