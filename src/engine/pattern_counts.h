#pragma once

#include <vector>

#include "base/status.h"
#include "compare/comparison_program.h"
#include "engine/pair_units.h"
#include "engine/run_context.h"
#include "engine/sparse_counts.h"
#include "score/match_scorer.h"

namespace linkwright {

/// Counts the candidate pairs of each agreement pattern, in ascending order of pattern (and adjustment). With `scorer`,
/// pairs are told apart by their term frequency adjustment as well, as EM with term frequencies needs. Counts that do
/// not fit the run's buffers go to temporary files.
Result<PatternCounts> count_patterns(const PairUnits& units, const ComparisonProgram::Choice& choice,
                                     const MatchScorer* scorer, RunContext& context);

/// Counts the candidate pairs alone.
Result<uint64_t> count_pairs(const CandidatePairs& pairs, RunContext& context);
/// The same for each rule.
Result<std::vector<uint64_t>> count_pairs_by_rule(const PairUnits& units, RunContext& context);

}  // namespace linkwright
