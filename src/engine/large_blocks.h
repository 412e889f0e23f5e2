#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "block/candidate_pairs.h"
#include "column/record_table.h"
#include "expr/evaluator.h"

namespace linkwright {

/// Blocks that a user should know of: each makes at least a tenth of all pairs of all rules, and at least a million.
/// Such a block is seldom of records that belong together; mostly its key is a placeholder ('unknown', 1900-01-01) or
/// too common to block on. They are worked through all the same.
struct LargeBlock {
  size_t rule = 0;
  std::string rule_sql;
  std::string key;         // its values, as text; "" where records have several keys (arrays_to_explode)
  std::string example_id;  // a record in it
  uint64_t rows = 0;       // of the larger side
  uint64_t pairs = 0;      // before earlier rules and filters are taken off
  double share = 0;        // of all pairs of all rules

  /// A sentence, with the remedy.
  std::string to_text() const;
};

/// Whether a block of so many pairs is one of these, where there are `all` pairs.
bool is_large_block(uint64_t pairs, uint64_t all);

/// The values of a row's key, as text: "'00000', 'Leeds'". Of the left side, where an arm has two.
Result<std::string> key_text(const RuleArm& arm, uint32_t row, const RecordTable& records,
                             const EvaluationOptions& evaluation);

/// By rule, the largest first; at most ten in all, which follows from their share, so that a run of any size costs a
/// pass over its blocks. Empty without such blocks.
Result<std::vector<LargeBlock>> find_large_blocks(const CandidatePairs& pairs, const RecordTable& records,
                                                  const EvaluationOptions& evaluation);

}  // namespace linkwright
