#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "column/record_table.h"
#include "compare/comparison_program.h"
#include "engine/run_context.h"
#include "model/linkage_job.h"
#include "train/expectation_maximisation.h"

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
/// `program` are the model's comparisons, compiled.
/// Errors: a training rule that makes no pairs; more deterministic matches than the recall allows.
Result<TrainingReport> train_model(const TrainingSpec& training, const RecordTable& records,
                                   const ComparisonProgram& program, const EvaluationOptions& evaluation,
                                   LinkageModel* model, RunContext& context);

}  // namespace linkwright
