#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "column/record_table.h"
#include "engine/run_context.h"
#include "engine/training_counts.h"
#include "spark/linkage/job_rows.h"
#include "spark/linkage/meetings.h"
#include "spark/linkage/native_kernel.h"

namespace linkwright::spark {

/// What training counts, counted on the cluster. Samples for u and labelled records, which are few, come to this
/// process and are counted here. Borrows all.
class ClusterCounts : public TrainingCounts {
 public:
  ClusterCounts(const JobRows& rows, Meetings& meetings, const Session& session, const NativeKernel& kernel,
                RunContext& context)
      : rows_(rows), meetings_(meetings), session_(session), kernel_(kernel), context_(context) {}

  Result<double> possible_pairs(const LinkageModel& model) override;
  Result<uint64_t> pairs_of(const LinkageModel& model, const std::vector<std::string>& rules) override;
  /// With `all_pairs` all records come to this process.
  Result<LevelsAmongSample> levels_among_sample(const LinkageModel& model, const UTraining& training) override;
  Result<PatternCounts> patterns(const LinkageModel& model, const PatternQuestion& question) override;
  Result<PatternCounts> patterns_of_labels(const LinkageModel& model, const InputSpec& labels) override;

 private:
  LinkageJob job_for(const LinkageModel& model, const std::vector<std::string>& rules) const;
  Result<RecordTable> records_here(const LinkageJob& job, const DataFrame& rows) const;

  const JobRows& rows_;
  Meetings& meetings_;
  const Session& session_;
  const NativeKernel& kernel_;
  RunContext& context_;
};

}  // namespace linkwright::spark
