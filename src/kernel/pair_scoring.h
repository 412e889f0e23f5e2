#pragma once

#include <memory>

#include "base/status.h"
#include "column/record_table.h"
#include "compare/comparison_program.h"
#include "engine/prediction_table.h"
#include "model/linkage_job.h"
#include "score/match_scorer.h"

namespace arrow {
class Schema;
}  // namespace arrow

namespace linkwright {

/// A job's comparisons, compiled for some records, with what scores their pairs and makes predictions of them. Borrows
/// the job and the records, and its parts borrow one another, so it stays where it is.
class PairScoring {
 public:
  static Result<std::unique_ptr<PairScoring>> make(const LinkageJob& job, const RecordTable& records,
                                                   PredictionTable::Values values);
  PairScoring(const PairScoring&) = delete;
  PairScoring& operator=(const PairScoring&) = delete;

  const ComparisonProgram::Choice& comparisons() const { return comparisons_; }
  const MatchScorer& scorer() const { return scorer_; }
  const PredictionTable& table() const { return *table_; }

 private:
  PairScoring(std::unique_ptr<ComparisonProgram> program, MatchScorer scorer)
      : program_(std::move(program)), comparisons_(program_->all()), scorer_(std::move(scorer)) {}

  std::unique_ptr<ComparisonProgram> program_;
  ComparisonProgram::Choice comparisons_;
  MatchScorer scorer_;
  std::unique_ptr<PredictionTable> table_;
};

}  // namespace linkwright
