#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "spark/linkage/cluster_counts.h"
#include "spark/linkage/meetings.h"
#include "spark/linkage/native_kernel.h"

namespace linkwright::spark {

/// Pairs counted by the native kernel on the executors. Borrows all.
class KernelCounts : public ClusterCounts {
 public:
  KernelCounts(const JobRows& rows, Meetings& meetings, const Session& session, const NativeKernel& kernel,
               RunContext& context)
      : ClusterCounts(rows, session, context), meetings_(meetings), kernel_(kernel) {}

  Result<uint64_t> pairs_of(const LinkageModel& model, const std::vector<std::string>& rules) override;
  Result<PatternCounts> patterns(const LinkageModel& model, const PatternQuestion& question) override;

 private:
  Result<DataFrame> sample(const LinkageJob& job, double proportion, uint64_t seed) override;

  Meetings& meetings_;
  const NativeKernel& kernel_;
};

}  // namespace linkwright::spark
