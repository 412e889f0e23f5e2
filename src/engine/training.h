#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "engine/run_context.h"
#include "engine/training_counts.h"
#include "model/linkage_job.h"

namespace linkwright {

/// What training found, for report.json.
struct TrainingReport {
  struct Session {
    std::string rule;
    uint64_t pairs = 0;
    int iterations = 0;
    bool converged = false;
    double probability_two_random_records_match = 0;
    std::vector<std::string> estimated;      // comparisons
    std::vector<std::string> not_estimated;  // comparisons that read a column of the rule
  };
  std::vector<Session> sessions;
  std::vector<std::string> warnings;  // levels that training never saw, sessions that did not converge
};

/// Trains the model of a job in place: prior, u, m from labels, EM, in this order, as far as the job asks for them.
/// Errors: a training rule that makes no pairs; more deterministic matches than the recall allows; those of `counts`.
Result<TrainingReport> train_model(const TrainingSpec& training, TrainingCounts& counts, LinkageModel* model,
                                   RunContext& context);

/// What training m from a label column asks: the patterns of all pairs that share a label.
PatternQuestion label_column_question(const LinkageModel& model, const MFromLabelColumn& training);

}  // namespace linkwright
