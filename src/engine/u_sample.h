#pragma once

#include <cstdint>
#include <vector>

#include "column/record_table.h"
#include "model/linkage_job.h"

namespace linkwright {

/// Pairs of records that could be compared at all; with `links_only` those of different datasets.
double cartesian_pairs(const RecordTable& records, bool links_only);

/// The records among which u is estimated, ascending: all, or a sample by a seeded hash of the id, which does not
/// depend on the order of records. Source of its size: Splink (reference section 5.6).
std::vector<uint32_t> rows_for_u(const UTraining& training, const RecordTable& records, bool links_only);

}  // namespace linkwright
