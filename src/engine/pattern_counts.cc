#include "engine/pattern_counts.h"

#include <algorithm>
#include <bit>
#include <memory>
#include <unordered_map>
#include <utility>

#include "engine/pair_scan.h"

namespace linkwright {
namespace {

constexpr uint64_t kLargestDenseSpace = uint64_t{1} << 20;

struct PatternKey {
  AgreementPattern pattern;
  uint64_t adjusted;
  uint64_t adjustment_bits;

  bool operator==(const PatternKey&) const = default;
};

struct PatternKeyHash {
  size_t operator()(const PatternKey& key) const {
    uint64_t hash = key.pattern * 0x9E3779B97F4A7C15ULL;
    hash = (hash ^ key.adjusted) * 0xBF58476D1CE4E5B9ULL;
    hash = (hash ^ key.adjustment_bits) * 0x94D049BB133111EBULL;
    return hash ^ (hash >> 31);
  }
};

// Counts of one thread: an array where the patterns are few, a hash table where they are many or carry adjustments.
class Counter {
 public:
  Counter(uint64_t patterns, bool with_adjustments) {
    if (!with_adjustments && patterns <= kLargestDenseSpace) dense_.resize(patterns);
  }

  void count(AgreementPattern pattern) {
    if (!dense_.empty()) {
      ++dense_[pattern];
    } else {
      ++sparse_[PatternKey{pattern, 0, 0}];
    }
  }

  void count(AgreementPattern pattern, const MatchScorer::Adjustments& adjustments) {
    ++sparse_[PatternKey{pattern, adjustments.comparisons, std::bit_cast<uint64_t>(adjustments.sum)}];
  }

  void add_to(Counter* other) const {
    for (size_t pattern = 0; pattern < dense_.size(); ++pattern) other->dense_[pattern] += dense_[pattern];
    for (const auto& [key, pairs] : sparse_) other->sparse_[key] += pairs;
  }

  std::vector<PatternCount> sorted() const {
    std::vector<PatternCount> counts;
    for (size_t pattern = 0; pattern < dense_.size(); ++pattern) {
      if (dense_[pattern] > 0) counts.push_back({pattern, 0, 0, dense_[pattern]});
    }
    for (const auto& [key, pairs] : sparse_) {
      counts.push_back({key.pattern, key.adjusted, std::bit_cast<double>(key.adjustment_bits), pairs});
    }
    std::sort(counts.begin(), counts.end(), [](const PatternCount& a, const PatternCount& b) {
      return std::tie(a.pattern, a.adjusted_comparisons, a.adjustment) <
             std::tie(b.pattern, b.adjusted_comparisons, b.adjustment);
    });
    return counts;
  }

 private:
  std::vector<uint64_t> dense_;
  std::unordered_map<PatternKey, uint64_t, PatternKeyHash> sparse_;
};

}  // namespace

Result<std::vector<PatternCount>> count_patterns(const PairUnits& units, const ComparisonProgram::Choice& choice,
                                                 const MatchScorer* scorer, RunContext& context) {
  const CandidatePairs& pairs = units.pairs();
  struct Worker {
    std::unique_ptr<PairScan> scan;
    std::unique_ptr<Counter> counter;
  };
  std::vector<Worker> workers(static_cast<size_t>(context.pool.threads()));
  const uint64_t patterns = choice.patterns.size();
  ARROW_RETURN_NOT_OK(context.pool.for_each_chunk(
      units.size(),
      [&](size_t u, int w) -> Status {
        Worker& worker = workers[static_cast<size_t>(w)];
        if (worker.scan == nullptr) {
          worker.scan = std::make_unique<PairScan>(pairs, choice, nullptr, &context.progress);
          worker.counter = std::make_unique<Counter>(patterns, scorer != nullptr);
        }
        Counter& counter = *worker.counter;
        const PairUnit unit = units[u];
        return scorer == nullptr
                   ? worker.scan->scan(unit, context.cancellation,
                                       [&](RowPair, AgreementPattern pattern) { counter.count(pattern); })
                   : worker.scan->scan(unit, context.cancellation, [&](RowPair pair, AgreementPattern pattern) {
                       counter.count(pattern, scorer->adjustments(pattern, pair));
                     });
      },
      context.cancellation));
  Counter total(patterns, scorer != nullptr);
  for (const Worker& worker : workers) {
    if (worker.counter != nullptr) worker.counter->add_to(&total);
  }
  return total.sorted();
}

Result<std::vector<uint64_t>> count_pairs_by_rule(const PairUnits& units, RunContext& context) {
  const CandidatePairs& pairs = units.pairs();
  struct Worker {
    std::unique_ptr<PairFilter> filter;
    std::vector<uint8_t> keep;
    std::vector<uint64_t> counts;
  };
  std::vector<Worker> workers(static_cast<size_t>(context.pool.threads()));
  ARROW_RETURN_NOT_OK(context.pool.for_each_chunk(
      units.size(),
      [&](size_t u, int w) -> Status {
        Worker& worker = workers[static_cast<size_t>(w)];
        if (worker.filter == nullptr) {
          worker.filter = std::make_unique<PairFilter>(pairs);
          worker.counts.resize(pairs.num_rules());
        }
        const PairUnit unit = units[u];
        uint64_t& count = worker.counts[pairs.match_key(unit)];
        const Status counted = pairs.for_each_tile(unit, [&](const PairTile& tile, uint32_t block) -> Status {
          ARROW_RETURN_NOT_OK(worker.filter->load(unit, tile, block));
          worker.keep.resize(tile.right_rows.size());
          for (size_t i = 0; i < tile.left_rows.size(); ++i) {
            if (i % 64 == 0) ARROW_RETURN_NOT_OK(context.check_cancelled());
            ARROW_ASSIGN_OR_RAISE(const size_t kept, worker.filter->keep(i, worker.keep.data()));
            count += kept;
          }
          return Status::OK();
        });
        context.progress.advance(unit.num_pairs);
        return counted;
      },
      context.cancellation));
  std::vector<uint64_t> total(pairs.num_rules());
  for (const Worker& worker : workers) {
    for (size_t rule = 0; rule < worker.counts.size(); ++rule) total[rule] += worker.counts[rule];
  }
  return total;
}

Result<uint64_t> count_pairs(const CandidatePairs& pairs, RunContext& context) {
  ARROW_ASSIGN_OR_RAISE(const std::vector<uint64_t> by_rule, count_pairs_by_rule(pairs, context));
  uint64_t total = 0;
  for (const uint64_t count : by_rule) total += count;
  return total;
}

}  // namespace linkwright
