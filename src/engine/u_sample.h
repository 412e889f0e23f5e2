#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "base/thread_pool.h"
#include "column/record_table.h"
#include "model/linkage_job.h"

namespace linkwright {

/// Pairs of records that could be compared at all; with `links_only` those of different datasets.
double cartesian_pairs(const RecordTable& records, bool links_only);
/// The same from the number of records of each dataset.
double cartesian_pairs(std::span<const uint64_t> records_of_dataset, bool links_only);

/// The share of records among which u is estimated; 1: all. Source: Splink (reference section 5.6).
double u_sample_proportion(const UTraining& training, std::span<const uint64_t> records_of_dataset, bool links_only);

/// Whether the record of an id is in a sample of this share. Depends on nothing else.
bool is_in_u_sample(std::string_view id, uint64_t seed, double proportion);

/// The records among which u is estimated, ascending: all, or a sample (is_in_u_sample), which does not depend on the
/// order of records. Not to be called from work of the pool. Errors: memory.
Result<std::vector<uint32_t>> rows_for_u(const UTraining& training, const RecordTable& records, bool links_only,
                                         ThreadPool& pool);

}  // namespace linkwright
