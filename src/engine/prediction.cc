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
    if (!patterns.fits_table()) return;
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

using ScoredPairs = std::vector<ScoredPair>;

// What the threads of a prediction share.
struct SharedScoring {
  const PairUnits& units;
  const ComparisonProgram::Choice& choice;
  const MatchScorer& scorer;
  const std::optional<double> threshold;
  const std::optional<LevelBounds> bounds;
  const HopefulPatterns hopeful;
  OrderedOutput<ScoredPairs>& output;  // in the order of units
  RunContext& context;
};

// Scores units of pairs, one after another, and hands on those at or above the threshold. One a thread.
class UnitScorer {
 public:
  explicit UnitScorer(const SharedScoring& shared)
      : shared_(shared),
        scan_(shared.units.pairs(), shared.choice, shared.bounds ? &*shared.bounds : nullptr, &shared.context.progress),
        compared_by_rule_(shared.units.pairs().num_rules()) {}

  Status score(size_t unit_number) {
    const PairUnit unit = shared_.units[unit_number];
    unit_number_ = unit_number;
    match_key_ = shared_.units.pairs().match_key(unit);
    scored_.clear();
    offered_next_ = kPiecePairs;
    const uint64_t compared_before = scan_.num_pairs();
    ARROW_RETURN_NOT_OK(scan_.scan(unit, shared_.context.cancellation, [&](RowPair pair, AgreementPattern pattern) {
      unweighed_[num_unweighed_] = {pair, pattern};
      num_unweighed_ += shared_.hopeful.has(pattern);
      if (num_unweighed_ == kWeighedAtOnce) weigh();
    }));
    weigh();
    ARROW_RETURN_NOT_OK(handed_on_);
    compared_by_rule_[match_key_] += scan_.num_pairs() - compared_before;
    const size_t bytes = scored_.capacity() * sizeof(ScoredPair);
    return shared_.output.put(unit_number, std::move(scored_), bytes);
  }

  const std::vector<uint64_t>& compared_by_rule() const { return compared_by_rule_; }

 private:
  struct Unweighed {
    RowPair pair;
    AgreementPattern pattern;
  };

  void weigh() {
    for (size_t k = 0; k < num_unweighed_; ++k) {
      if (k + kWeighedAhead < num_unweighed_) shared_.scorer.prefetch(unweighed_[k + kWeighedAhead].pair);
      const auto [pair, pattern] = unweighed_[k];
      const double weight = shared_.scorer.match_weight(pattern, pair);
      if (shared_.threshold && !(weight >= *shared_.threshold)) continue;
      scored_.push_back({pair, pattern, weight, match_key_});
    }
    num_unweighed_ = 0;
    if (!handed_on_.ok()) return scored_.clear();
    if (scored_.size() >= offered_next_) offer();
  }

  void offer() {
    const size_t room = scored_.size() + kPiecePairs + kWeighedAtOnce;
    handed_on_ = shared_.output.offer_piece(unit_number_, &scored_, room * sizeof(ScoredPair));
    offered_next_ = scored_.size() + kPiecePairs;
    scored_.reserve(offered_next_ + kWeighedAtOnce);
  }

  const SharedScoring& shared_;
  PairScan scan_;
  std::vector<uint64_t> compared_by_rule_;
  std::array<Unweighed, kWeighedAtOnce> unweighed_;
  size_t num_unweighed_ = 0;

  // Of the unit at hand.
  size_t unit_number_ = 0;
  uint32_t match_key_ = 0;
  ScoredPairs scored_;
  size_t offered_next_ = 0;
  Status handed_on_;
};

}  // namespace

Result<PredictionCounts> predict_pairs(const PairUnits& units, const ComparisonProgram::Choice& choice,
                                       const MatchScorer& scorer, std::optional<double> threshold,
                                       const std::function<Status(std::span<const ScoredPair>)>& consume,
                                       RunContext& context) {
  PredictionCounts counts;
  const auto hand_on = [&](ScoredPairs scored) -> Status {
    counts.kept += scored.size();
    return scored.empty() ? Status::OK() : consume(scored);
  };
  OrderedOutput<ScoredPairs> output(kUnitsAhead, hand_on, kMostWaitingPredictionBytes);
  const SharedScoring shared{units,
                             choice,
                             scorer,
                             threshold,
                             level_bounds(scorer, choice.patterns, threshold),
                             HopefulPatterns(scorer, choice.patterns, threshold),
                             output,
                             context};
  std::vector<std::unique_ptr<UnitScorer>> scorers(static_cast<size_t>(context.pool.threads()));
  ARROW_RETURN_NOT_OK(context.pool.for_each_chunk(units.size(), [&](size_t unit, int thread) {
    return output.let_go_on_failure([&]() -> Status {  // a unit that does not come lets those behind it go
      ARROW_RETURN_NOT_OK(context.check_cancelled());
      std::unique_ptr<UnitScorer>& of_thread = scorers[static_cast<size_t>(thread)];
      if (of_thread == nullptr) of_thread = std::make_unique<UnitScorer>(shared);
      return of_thread->score(unit);
    });
  }));
  counts.compared_by_rule.resize(units.pairs().num_rules());
  for (const std::unique_ptr<UnitScorer>& of_thread : scorers) {
    if (of_thread == nullptr) continue;
    for (size_t rule = 0; rule < counts.compared_by_rule.size(); ++rule) {
      counts.compared_by_rule[rule] += of_thread->compared_by_rule()[rule];
      counts.compared += of_thread->compared_by_rule()[rule];
    }
  }
  return counts;
}

}  // namespace linkwright
