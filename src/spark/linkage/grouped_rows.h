#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "model/linkage_job.h"
#include "spark/linkage/native_kernel.h"

namespace linkwright::spark {

/// The rows that rules bring together: every row once for each of its blocks, rows of a block in one partition. Lazy.
/// `job` has the rules as its model's blocking rules.
Result<Rows> grouped_rows(const Rows& rows, const LinkageJob& job, const NativeKernel& kernel, int partitions);

}  // namespace linkwright::spark
