#include "engine/prediction.h"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <utility>

#include "base/ordered_output.h"
#include "engine/pair_scan.h"

namespace linkwright {
namespace {

// Scored pairs wait until those before them are written. What waits is bounded by units, so that their order never
// costs more than it saves, and by bytes; a thread whose unit keeps more than `kPiecePairs` pairs hands them on in
// pieces, once they are due or too many. The bounds do not show in the output.
constexpr size_t kUnitsAhead = 64;
constexpr size_t kPiecePairs = size_t{1} << 16;

// Pairs that may reach the threshold are weighed so many at once, so that the term frequencies of those ahead can be
// asked for.
constexpr size_t kWeighedAtOnce = 256;
constexpr size_t kWeighedAhead = 8;

// A bound adds weights in another order than the weight itself, so it is given a little room.
constexpr double kRoom = 1e-6;

// What the levels of a pair must add up to for the threshold; none without one.
std::optional<LevelBounds> level_bounds(const MatchScorer& scorer, const PatternSpace& patterns,
                                        std::optional<double> threshold) {
  if (!threshold) return std::nullopt;
  LevelBounds bounds;
  bounds.needed = *threshold - scorer.prior_weight() - kRoom;
  for (size_t c = 0; c < patterns.num_comparisons(); ++c) {
    std::vector<double>& most = bounds.most.emplace_back();
    std::optional<LevelBounds::EqualValues>& of_equal_values = bounds.of_equal_values.emplace_back();
    for (size_t level = 0; level <= patterns.no_level(c); ++level) {
      most.push_back(scorer.highest_level_weight(c, level));
      if (of_equal_values) continue;
      if (auto weights = scorer.equal_value_weights(c, level)) {
        of_equal_values = {level, weights->column, std::move(weights->of_code)};
      }
    }
  }
  return bounds;
}

// Which patterns may have pairs at or above the threshold: a byte a pattern, where they are few enough for that.
class HopefulPatterns {
 public:
  HopefulPatterns(const MatchScorer& scorer, const PatternSpace& patterns, std::optional<double> threshold)
      : scorer_(scorer), threshold_(threshold) {
    constexpr uint64_t kLargestTable = uint64_t{1} << 20;
    if (patterns.size() > kLargestTable) return;
    may_reach_.resize(patterns.size());
    for (AgreementPattern pattern = 0; pattern < patterns.size(); ++pattern) may_reach_[pattern] = may_reach(pattern);
  }

  /// 1 or 0, to be counted: which of the two cannot be foretold.
  size_t has(AgreementPattern pattern) const {
    return may_reach_.empty() ? static_cast<size_t>(may_reach(pattern)) : may_reach_[pattern];
  }

 private:
  bool may_reach(AgreementPattern pattern) const {
    return !threshold_ || !(scorer_.highest_match_weight(pattern) + kRoom < *threshold_);
  }

  const MatchScorer& scorer_;
  std::optional<double> threshold_;
  std::vector<uint8_t> may_reach_;
};

}  // namespace

Result<PredictionCounts> predict_pairs(const PairUnits& units, const ComparisonProgram::Choice& choice,
                                       const MatchScorer& scorer, std::optional<double> threshold,
                                       const std::function<Status(std::span<const ScoredPair>)>& consume,
                                       RunContext& context) {
  const CandidatePairs& pairs = units.pairs();
  const std::optional<LevelBounds> bounds = level_bounds(scorer, choice.patterns, threshold);
  struct Unweighed {
    RowPair pair;
    AgreementPattern pattern;
  };
  struct Worker {
    std::unique_ptr<PairScan> scan;
    std::array<Unweighed, kWeighedAtOnce> unweighed;
    size_t num_unweighed = 0;
    std::vector<uint64_t> compared_by_rule;
  };
  const HopefulPatterns hopeful(scorer, choice.patterns, threshold);
  std::vector<Worker> workers(static_cast<size_t>(context.pool.threads()));
  PredictionCounts counts;
  const auto hand_on = [&](std::vector<ScoredPair> scored) -> Status {
    counts.kept += scored.size();
    return scored.empty() ? Status::OK() : consume(scored);
  };
  OrderedOutput<std::vector<ScoredPair>> output(kUnitsAhead, hand_on, kMostWaitingPredictionBytes);
  const auto score_unit = [&](size_t u, Worker& worker) -> Status {
    if (worker.scan == nullptr) {
      worker.scan = std::make_unique<PairScan>(pairs, choice, bounds ? &*bounds : nullptr, &context.progress);
      worker.compared_by_rule.resize(pairs.num_rules());
    }
    const PairUnit unit = units[u];
    const uint32_t match_key = pairs.match_key(unit);
    std::vector<ScoredPair> scored;
    Status handed_on;
    size_t offered_next = kPiecePairs;
    const auto weigh = [&] {
      for (size_t k = 0; k < worker.num_unweighed; ++k) {
        if (k + kWeighedAhead < worker.num_unweighed) scorer.prefetch(worker.unweighed[k + kWeighedAhead].pair);
        const auto [pair, pattern] = worker.unweighed[k];
        const double weight = scorer.match_weight(pattern, pair);
        if (threshold && !(weight >= *threshold)) continue;
        scored.push_back({pair, pattern, weight, match_key});
      }
      worker.num_unweighed = 0;
      if (!handed_on.ok()) return scored.clear();
      if (scored.size() < offered_next) return;
      const size_t room = scored.size() + kPiecePairs + kWeighedAtOnce;
      handed_on = output.offer_piece(u, &scored, room * sizeof(ScoredPair));
      offered_next = scored.size() + kPiecePairs;
      scored.reserve(offered_next + kWeighedAtOnce);
    };
    const uint64_t compared_before = worker.scan->num_pairs();
    ARROW_RETURN_NOT_OK(worker.scan->scan(unit, context.cancellation, [&](RowPair pair, AgreementPattern pattern) {
      worker.unweighed[worker.num_unweighed] = {pair, pattern};
      worker.num_unweighed += hopeful.has(pattern);
      if (worker.num_unweighed == kWeighedAtOnce) weigh();
    }));
    weigh();
    ARROW_RETURN_NOT_OK(handed_on);
    worker.compared_by_rule[match_key] += worker.scan->num_pairs() - compared_before;
    const size_t bytes = scored.capacity() * sizeof(ScoredPair);
    return output.put(u, std::move(scored), bytes);
  };
  ARROW_RETURN_NOT_OK(context.pool.for_each_chunk(units.size(), [&](size_t u, int w) {
    return output.let_go_on_failure([&]() -> Status {  // a unit that does not come lets those behind it go
      ARROW_RETURN_NOT_OK(context.check_cancelled());
      return score_unit(u, workers[static_cast<size_t>(w)]);
    });
  }));
  counts.compared_by_rule.resize(pairs.num_rules());
  for (const Worker& worker : workers) {
    for (size_t rule = 0; rule < worker.compared_by_rule.size(); ++rule) {
      counts.compared_by_rule[rule] += worker.compared_by_rule[rule];
      counts.compared += worker.compared_by_rule[rule];
    }
  }
  return counts;
}

}  // namespace linkwright
