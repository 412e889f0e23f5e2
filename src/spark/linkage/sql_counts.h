#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "spark/linkage/cluster_counts.h"
#include "spark/linkage/sql_run.h"

namespace linkwright::spark {

/// Pairs counted by Spark SQL alone. Borrows all.
class SqlCounts : public ClusterCounts {
 public:
  SqlCounts(const JobRows& rows, const SqlNodes& nodes, const Session& session, RunContext& context)
      : ClusterCounts(rows, session, context), nodes_(nodes) {}

  Result<uint64_t> pairs_of(const LinkageModel& model, const std::vector<std::string>& rules) override;
  Result<PatternCounts> patterns(const LinkageModel& model, const PatternQuestion& question) override;

 private:
  /// The ids of all records come to this process, batch by batch: SQL has no equal of the hash that chooses them.
  Result<DataFrame> sample(const LinkageJob& job, double proportion, uint64_t seed) override;

  const SqlNodes& nodes_;
};

}  // namespace linkwright::spark
