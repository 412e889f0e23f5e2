#pragma once

#include <cstdint>

#include "base/status.h"
#include "base/thread_pool.h"
#include "column/record_table.h"
#include "model/linkage_job.h"

namespace linkwright {

/// Candidate pairs, where they have been counted; before that a job may have any number.
struct PairBounds {
  uint64_t predicted = UINT64_MAX;
  uint64_t trained = UINT64_MAX;        // of the largest EM session with term frequencies
  uint64_t largest_block = UINT64_MAX;  // rows on a side, of any rule
};

/// Counts a job's pairs before filters and earlier rules are taken off: what blocking alone tells. Errors: a rule that
/// does not parse, or whose columns the records do not have.
Result<PairBounds> count_pairs_before_exclusion(const LinkageJob& job, const RecordTable& records, ThreadPool& pool);

}  // namespace linkwright
