#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/cancellation.h"
#include "base/status.h"
#include "base/thread_pool.h"
#include "column/record_table.h"
#include "compare/comparison_program.h"

namespace linkwright {

/// How many of all pairs among `rows` (ascending) have each level of a comparison; the last count is of pairs without
/// a level. With `links_only`, pairs within one dataset do not count.
///
/// Where the comparison treats left and right alike, each distinct combination of the values it reads is compared once
/// and weighted by how many rows have it: the cost is that of distinct values, not of rows. Exact either way.
Result<std::vector<uint64_t>> count_levels_of_all_pairs(const ComparisonProgram& program, size_t comparison,
                                                        const RecordTable& records, std::span<const uint32_t> rows,
                                                        bool links_only, ThreadPool& pool,
                                                        const Cancellation* cancellation);

}  // namespace linkwright
