#include "engine/prediction.h"

#include <limits>
#include <memory>
#include <utility>

#include "base/ordered_output.h"
#include "engine/pair_scan.h"

namespace linkwright {
namespace {

constexpr uint64_t kLargestDenseSpace = uint64_t{1} << 22;
constexpr size_t kUnitsAhead = 64;

// Which patterns can reach the threshold at all: asked for every pair, so answered from a table where one fits.
class PatternScreen {
 public:
  PatternScreen(const MatchScorer& scorer, uint64_t patterns, std::optional<double> threshold)
      : scorer_(scorer), threshold_(threshold) {
    if (!threshold_ || patterns > kLargestDenseSpace) return;
    may_pass_.resize(patterns);
    for (uint64_t pattern = 0; pattern < patterns; ++pattern) may_pass_[pattern] = computed(pattern) ? 1 : 0;
  }

  bool may_pass(AgreementPattern pattern) const {
    if (!threshold_) return true;
    return may_pass_.empty() ? computed(pattern) : may_pass_[pattern] != 0;
  }

 private:
  // The bound adds in another order than the weight itself, so it is given a little room.
  bool computed(AgreementPattern pattern) const {
    constexpr double kRoom = 1e-6;
    return scorer_.highest_match_weight(pattern) + kRoom >= *threshold_;
  }

  const MatchScorer& scorer_;
  std::optional<double> threshold_;
  std::vector<uint8_t> may_pass_;
};

}  // namespace

Result<PredictionCounts> predict_pairs(const CandidatePairs& pairs, const ComparisonProgram::Choice& choice,
                                       const MatchScorer& scorer, std::optional<double> threshold,
                                       const std::function<Status(std::span<const ScoredPair>)>& consume,
                                       RunContext& context) {
  const PatternScreen screen(scorer, choice.patterns.size(), threshold);
  struct Worker {
    std::unique_ptr<PairScan> scan;
    std::vector<uint64_t> compared_by_rule;
  };
  std::vector<Worker> workers(static_cast<size_t>(context.pool.threads()));
  PredictionCounts counts;
  OrderedOutput<std::vector<ScoredPair>> output(kUnitsAhead, [&](std::vector<ScoredPair> scored) -> Status {
    counts.kept += scored.size();
    return scored.empty() ? Status::OK() : consume(scored);
  });
  ARROW_RETURN_NOT_OK(context.pool.for_each_chunk(
      pairs.units().size(),
      [&](size_t u, int w) -> Status {
        Worker& worker = workers[static_cast<size_t>(w)];
        if (worker.scan == nullptr) {
          worker.scan = std::make_unique<PairScan>(pairs, choice);
          worker.compared_by_rule.resize(pairs.num_rules());
        }
        const PairUnit& unit = pairs.units()[u];
        const uint32_t match_key = pairs.match_key(unit);
        std::vector<ScoredPair> scored;
        uint64_t compared = 0;
        Status status = worker.scan->scan(unit, context.cancellation, [&](RowPair pair, AgreementPattern pattern) {
          ++compared;
          if (!screen.may_pass(pattern)) return;
          const double weight = scorer.match_weight(pattern, pair);
          if (!threshold || weight >= *threshold) scored.push_back({pair, pattern, weight, match_key});
        });
        worker.compared_by_rule[match_key] += compared;
        context.progress.advance(unit.num_pairs);
        if (status.ok()) return output.put(u, std::move(scored));
        output.abandon(status);
        return status;
      },
      context.cancellation));
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
