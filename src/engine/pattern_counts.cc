#include "engine/pattern_counts.h"

#include <memory>
#include <utility>

#include "engine/pair_scan.h"

namespace linkwright {
namespace {

// Counts of one thread where patterns are few: an array.
using DenseCounts = std::vector<uint64_t>;

}  // namespace

Result<PatternCounts> count_patterns(const PairUnits& units, const ComparisonProgram::Choice& choice,
                                     const MatchScorer* scorer, RunContext& context) {
  const CandidatePairs& pairs = units.pairs();
  struct Worker {
    std::unique_ptr<PairScan> scan;
    DenseCounts dense;
  };
  std::vector<Worker> workers(static_cast<size_t>(context.pool.threads()));
  const uint64_t patterns = choice.patterns.size();
  const bool is_dense = scorer == nullptr && choice.patterns.fits_table();
  SparseCounts sparse(context.pool.threads(), static_cast<size_t>(context.budget.buffer_bytes()),
                      context.temporary_folder);
  ARROW_RETURN_NOT_OK(context.pool.for_each_chunk(
      units.size(),
      [&](size_t u, int w) -> Status {
        Worker& worker = workers[static_cast<size_t>(w)];
        if (worker.scan == nullptr) {
          worker.scan = std::make_unique<PairScan>(pairs, choice, nullptr, &context.progress);
          if (is_dense) worker.dense.resize(patterns);
        }
        const PairUnit unit = units[u];
        Status counted;
        const auto count_sparse = [&](const PatternCount& count) {
          if (counted.ok()) counted = sparse.add(w, count);
        };
        if (is_dense) {
          ARROW_RETURN_NOT_OK(worker.scan->scan(unit, context.cancellation,
                                                [&](RowPair, AgreementPattern pattern) { ++worker.dense[pattern]; }));
        } else if (scorer == nullptr) {
          ARROW_RETURN_NOT_OK(worker.scan->scan(unit, context.cancellation, [&](RowPair, AgreementPattern pattern) {
            count_sparse({pattern, 0, 0, 0});
          }));
        } else {
          ARROW_RETURN_NOT_OK(
              worker.scan->scan(unit, context.cancellation, [&](RowPair pair, AgreementPattern pattern) {
                const MatchScorer::Adjustments adjustments = scorer->adjustments(pattern, pair);
                count_sparse({pattern, adjustments.comparisons, adjustments.sum, 0});
              }));
        }
        return counted;
      },
      context.cancellation));
  if (!is_dense) return std::move(sparse).finish();
  std::vector<PatternCount> counts;
  for (AgreementPattern pattern = 0; pattern < patterns; ++pattern) {
    uint64_t total = 0;
    for (const Worker& worker : workers) total += worker.dense.empty() ? 0 : worker.dense[pattern];
    if (total > 0) counts.push_back({pattern, 0, 0, total});
  }
  return PatternCounts(std::move(counts));
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
        Status counted = pairs.for_each_tile(unit, [&](const PairTile& tile, uint32_t block) -> Status {
          ARROW_RETURN_NOT_OK(worker.filter->load(unit, tile, block));
          worker.keep.resize(tile.right_rows.size());
          const bool keeps_all = worker.filter->keeps_all();
          for (size_t i = 0; i < tile.left_rows.size(); ++i) {
            if (i % 64 == 0) ARROW_RETURN_NOT_OK(context.check_cancelled());
            size_t kept = tile.right_rows.size() - tile.first_right(i);
            if (!keeps_all) {
              ARROW_ASSIGN_OR_RAISE(kept, worker.filter->keep(i, worker.keep.data()));
            }
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
