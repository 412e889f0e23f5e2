#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "engine/sparse_counts.h"
#include "model/linkage_job.h"

namespace linkwright {

/// How many of all pairs among the records for u have each level of each comparison; a comparison's last count is of
/// pairs without a level.
struct LevelsAmongSample {
  uint64_t rows = 0;
  std::vector<std::vector<uint64_t>> of_comparison;
};

/// Which pairs to tell apart by pattern, and how.
struct PatternQuestion {
  std::string rule;
  std::vector<size_t> comparisons;  // of the model, in the order that patterns are numbered in
  bool with_adjustments = false;    // by their term frequency adjustments as well, at the model's current u
};

/// Where training gets its counts from: pairs are made and compared where the records are, in this process or on a
/// cluster. What is asked about is a model as training has it so far. Not thread-safe.
class TrainingCounts {
 public:
  virtual ~TrainingCounts() = default;

  /// Pairs of records that could be compared at all.
  virtual Result<double> possible_pairs(const LinkageModel& model) = 0;

  /// Pairs that some rules make, each once.
  virtual Result<uint64_t> pairs_of(const LinkageModel& model, const std::vector<std::string>& rules) = 0;

  virtual Result<LevelsAmongSample> levels_among_sample(const LinkageModel& model, const UTraining& training) = 0;

  /// No pairs: no counts.
  virtual Result<PatternCounts> patterns(const LinkageModel& model, const PatternQuestion& question) = 0;

  /// The patterns, over all comparisons, of the labelled pairs that are among the records. Errors: there are none.
  virtual Result<PatternCounts> patterns_of_labels(const LinkageModel& model, const InputSpec& labels) = 0;
};

}  // namespace linkwright
