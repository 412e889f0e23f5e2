#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "column/record_table.h"
#include "engine/memory_limit.h"
#include "engine/run_context.h"
#include "expr/evaluator.h"
#include "model/linkage_model.h"

namespace linkwright {

/// What the blocking rules of a model cost, told without comparing anything.
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
  RunMemory memory;    // of the whole run
  double seconds = 0;  // what comparing them is expected to take on `threads`
  int threads = 1;

  std::string to_text() const;
  std::string to_json() const;
};

/// Exact pair counts; memory and time are predictions (docs/performance.md says how good).
Result<BlockingReport> report_blocking(const LinkageModel& model, const RecordTable& records,
                                       const EvaluationOptions& evaluation, size_t blocks_per_rule,
                                       RunContext& context);

}  // namespace linkwright
