#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "column/record_table.h"
#include "engine/run_context.h"
#include "engine/training_counts.h"
#include "linkwright/spark.h"
#include "spark/linkage/job_rows.h"

namespace linkwright::spark {

/// What training counts, counted on the cluster. Samples for u and labelled records, which are few, come to this
/// process and are counted here; how the cluster counts pairs is its heirs' matter: KernelCounts with native code,
/// SqlCounts without. Borrows all.
class ClusterCounts : public TrainingCounts {
 public:
  Result<double> possible_pairs(const LinkageModel& model) override;
  /// With `all_pairs` all records come to this process.
  Result<LevelsAmongSample> levels_among_sample(const LinkageModel& model, const UTraining& training) override;
  Result<PatternCounts> patterns_of_labels(const LinkageModel& model, const InputSpec& labels) override;

 protected:
  ClusterCounts(const JobRows& rows, const Session& session, RunContext& context)
      : rows_(rows), session_(session), context_(context) {}

  const JobRows& rows() const { return rows_; }
  const Session& session() const { return session_; }
  RunContext& context() const { return context_; }

  /// The run's job as one that asks for pairs of these rules and nothing else.
  LinkageJob job_for(const LinkageModel& model, const std::vector<std::string>& rules) const;
  /// Runs a query whose one row has a number as lw_pairs.
  Result<uint64_t> read_total(const DataFrame& counted) const;
  /// Runs a query of pattern counts: lw_pattern, lw_adjusted, lw_adjustment and lw_pairs, each pattern once.
  Result<PatternCounts> read_patterns(const DataFrame& counted) const;

 private:
  /// The working columns of the records whose ids is_in_u_sample chooses.
  virtual Result<DataFrame> sample(const LinkageJob& job, double proportion, uint64_t seed) = 0;
  Result<RecordTable> records_here(const LinkageJob& job, const DataFrame& rows) const;

  const JobRows& rows_;
  const Session& session_;
  RunContext& context_;
};

}  // namespace linkwright::spark
