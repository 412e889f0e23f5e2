#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/status.h"
#include "model/linkage_model.h"

namespace linkwright {

/// What blocking on a rule does to a model for one EM session.
struct EmSessionPlan {
  std::vector<size_t> active;  // comparisons that can be estimated: they read no column of the rule
  double starting_prior = 0;   // prior odds raised by the exact-match levels that the rule implies

  struct ImpliedLevel {
    size_t comparison;
    size_t level;
  };
  std::vector<ImpliedLevel> implied;
};

/// `rule_columns` are the columns that the training rule reads. Errors: no comparison is left to estimate.
/// Source: Splink 5's EMTrainingSession (reference section 5.7, steps 2 and 3).
Result<EmSessionPlan> plan_em_session(const LinkageModel& model, const std::vector<std::string>& rule_columns);

/// The columns (without side) that a comparison's conditions read.
Result<std::vector<std::string>> columns_of(const Comparison& comparison);

}  // namespace linkwright
