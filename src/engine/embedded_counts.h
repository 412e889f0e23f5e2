#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "block/candidate_pairs.h"
#include "column/record_table.h"
#include "compare/comparison_program.h"
#include "engine/run_context.h"
#include "engine/training_counts.h"

namespace linkwright {

/// Counts among records in this process. `program` are the model's comparisons, compiled; all is borrowed.
class EmbeddedCounts : public TrainingCounts {
 public:
  EmbeddedCounts(const RecordTable& records, const ComparisonProgram& program, EvaluationOptions evaluation,
                 RunContext& context)
      : records_(records), program_(program), evaluation_(evaluation), context_(context) {}

  Result<double> possible_pairs(const LinkageModel& model) override;
  Result<uint64_t> pairs_of(const LinkageModel& model, const std::vector<std::string>& rules) override;
  Result<LevelsAmongSample> levels_among_sample(const LinkageModel& model, const UTraining& training) override;
  Result<PatternCounts> patterns(const LinkageModel& model, const PatternQuestion& question) override;
  Result<PatternCounts> patterns_of_labels(const LinkageModel& model, const InputSpec& labels) override;

 private:
  Result<CandidatePairs> candidates(const LinkageModel& model, const std::vector<std::string>& rules);

  const RecordTable& records_;
  const ComparisonProgram& program_;
  EvaluationOptions evaluation_;
  RunContext& context_;
};

/// The levels of all pairs among `rows` (ascending), as training u counts them.
Result<LevelsAmongSample> count_sample_levels(const RecordTable& records, std::span<const uint32_t> rows,
                                              const ComparisonProgram& program, bool links_only, RunContext& context);

}  // namespace linkwright
