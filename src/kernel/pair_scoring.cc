#include "kernel/pair_scoring.h"

#include <utility>

#include "engine/job_columns.h"

namespace linkwright {

Result<std::unique_ptr<PairScoring>> PairScoring::make(const LinkageJob& job, const RecordTable& records,
                                                       PredictionTable::Values values) {
  const LinkageModel& model = job.model;
  ARROW_ASSIGN_OR_RAISE(auto program, ComparisonProgram::compile(model.comparisons, records, evaluation_options(job)));
  const PatternSpace patterns = program->all().patterns;
  ARROW_ASSIGN_OR_RAISE(
      MatchScorer scorer,
      MatchScorer::make(model.comparisons, model.probability_two_random_records_match, patterns, records));
  std::unique_ptr<PairScoring> scoring(new PairScoring(std::move(program), std::move(scorer)));
  ARROW_ASSIGN_OR_RAISE(PredictionTable table,
                        PredictionTable::make(model, records, scoring->scorer_, *scoring->program_, values));
  scoring->table_ = std::make_unique<PredictionTable>(std::move(table));
  return scoring;
}

}  // namespace linkwright
