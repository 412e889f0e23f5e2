#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "engine/run_context.h"
#include "spark/linkage/job_rows.h"
#include "spark/linkage/native_kernel.h"

namespace linkwright::spark {

/// What a user should know of blocks that make much of the work, in the embedded engine's words
/// (engine/large_blocks.h); `pairs` are those of all rules. Costs a query where the survey of the records found blocks
/// that may be so large.
Result<std::vector<std::string>> block_notes(const JobRows& rows, uint64_t pairs, const NativeKernel& kernel,
                                             RunContext& context);

}  // namespace linkwright::spark
