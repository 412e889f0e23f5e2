#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/status.h"
#include "compare/comparison_program.h"
#include "engine/pair_units.h"
#include "engine/prediction_table.h"
#include "engine/run_context.h"
#include "score/match_scorer.h"

namespace linkwright {

/// Scored pairs that wait to be consumed take no more than this, whatever the number of threads, but for a unit's first
/// 65,536, which each thread has beside it.
inline constexpr size_t kMostWaitingPredictionBytes = size_t{32} << 20;

struct PredictionCounts {
  uint64_t compared = 0;  // pairs scored
  std::vector<uint64_t> compared_by_rule;
  uint64_t kept = 0;  // pairs at or above the threshold
};

/// Scores candidate pairs and hands those with `threshold` or more match weight (none: all) to `consume`, in an
/// order that depends on the data only. `consume` is called by one thread at a time, with a few thousand pairs a call.
/// Errors: those of `consume`; a filter or condition that SQL refuses for some pair; cancelled.
Result<PredictionCounts> predict_pairs(const PairUnits& units, const ComparisonProgram::Choice& choice,
                                       const MatchScorer& scorer, std::optional<double> threshold,
                                       const std::function<Status(std::span<const ScoredPair>)>& consume,
                                       RunContext& context);

}  // namespace linkwright
