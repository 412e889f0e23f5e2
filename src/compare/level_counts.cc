#include "compare/level_counts.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "column/value_dictionary.h"
#include "compare/comparison_program.h"
#include "compare/tile_comparer.h"

namespace linkwright {
namespace {

constexpr size_t kTileRows = 2048;

// Rows that stand for all rows with the same values, and how many those are in each dataset.
struct Representatives {
  std::vector<uint32_t> rows;
  std::vector<uint64_t> weights;
  std::vector<uint64_t> weights_by_source;  // rows x datasets; only for links
  size_t sources = 0;

  // Pairs that representatives a != b stand for.
  uint64_t pairs(size_t a, size_t b) const {
    uint64_t same_source = 0;
    for (size_t s = 0; s < sources; ++s) {
      same_source += weights_by_source[a * sources + s] * weights_by_source[b * sources + s];
    }
    return weights[a] * weights[b] - same_source;
  }
  // Pairs among the rows that one representative stands for.
  uint64_t pairs_within(size_t a) const {
    if (sources == 0) return weights[a] * (weights[a] - 1) / 2;
    return pairs(a, a) / 2;
  }
};

Representatives represent(const ComparisonProgram& program, const RecordTable& records, std::span<const uint32_t> rows,
                          bool links_only) {
  Representatives chosen;
  chosen.sources = links_only ? records.source_names().size() : 0;
  const bool symmetric = program.symmetric(0);
  const size_t bytes = program.columns().size() * sizeof(uint32_t);
  ByteStringDictionary distinct;
  for (const uint32_t row : rows) {
    size_t place = chosen.rows.size();
    if (symmetric) {
      place = distinct.code({reinterpret_cast<const char*>(program.row_codes(row)), bytes}) - 1;
    }
    if (place == chosen.rows.size()) {
      chosen.rows.push_back(row);
      chosen.weights.push_back(0);
      chosen.weights_by_source.resize(chosen.weights_by_source.size() + chosen.sources);
    }
    ++chosen.weights[place];
    if (chosen.sources > 0) ++chosen.weights_by_source[place * chosen.sources + records.source_of_row()[row]];
  }
  return chosen;
}

struct TilePlace {
  size_t left;
  size_t right;
};

}  // namespace

Result<std::vector<uint64_t>> count_levels_of_all_pairs(const Comparison& comparison, const RecordTable& records,
                                                        std::span<const uint32_t> rows, bool links_only,
                                                        const EvaluationOptions& options, ThreadPool& pool,
                                                        const Cancellation* cancellation) {
  ARROW_ASSIGN_OR_RAISE(const std::unique_ptr<ComparisonProgram> program,
                        ComparisonProgram::compile({comparison}, records, options));
  const size_t outcomes = comparison.levels.size() + 1;
  const Representatives chosen = represent(*program, records, rows, links_only);
  std::vector<TilePlace> tiles;
  for (size_t left = 0; left < chosen.rows.size(); left += kTileRows) {
    for (size_t right = left; right < chosen.rows.size(); right += kTileRows) tiles.push_back({left, right});
  }
  struct Worker {
    std::unique_ptr<TileComparer> comparer;
    std::vector<AgreementPattern> patterns;
    std::vector<uint64_t> counts;
  };
  std::vector<Worker> workers(static_cast<size_t>(pool.threads()));
  ARROW_RETURN_NOT_OK(pool.for_each_chunk(
      tiles.size(),
      [&](size_t t, int w) -> Status {
        Worker& worker = workers[static_cast<size_t>(w)];
        if (worker.comparer == nullptr) {
          worker.comparer = std::make_unique<TileComparer>(*program);
          worker.counts.resize(outcomes);
        }
        const auto part = [&](size_t begin) {
          return std::span<const uint32_t>(chosen.rows).subspan(begin, std::min(kTileRows, chosen.rows.size() - begin));
        };
        const PairTile tile{part(tiles[t].left), part(tiles[t].right), tiles[t].left == tiles[t].right};
        worker.patterns.resize(tile.right_rows.size());
        ARROW_RETURN_NOT_OK(worker.comparer->load(tile));
        std::vector<uint64_t> row_counts(outcomes);
        for (size_t i = 0; i < tile.left_rows.size(); ++i) {
          if (cancellation != nullptr) ARROW_RETURN_NOT_OK(cancellation->check());
          const size_t first = tile.diagonal ? i + 1 : 0;
          ARROW_RETURN_NOT_OK(worker.comparer->compare_row(i, first, worker.patterns.data()));
          const size_t a = tiles[t].left + i;
          if (chosen.sources > 0) {
            for (size_t j = first; j < tile.right_rows.size(); ++j) {
              worker.counts[worker.patterns[j]] += chosen.pairs(a, tiles[t].right + j);
            }
            continue;
          }
          std::fill(row_counts.begin(), row_counts.end(), 0);
          const uint64_t* weights = chosen.weights.data() + tiles[t].right;
          for (size_t j = first; j < tile.right_rows.size(); ++j) row_counts[worker.patterns[j]] += weights[j];
          for (size_t level = 0; level < outcomes; ++level)
            worker.counts[level] += chosen.weights[a] * row_counts[level];
        }
        return Status::OK();
      },
      cancellation));

  std::vector<uint64_t> counts(outcomes);
  for (const Worker& worker : workers) {
    for (size_t level = 0; level < worker.counts.size(); ++level) counts[level] += worker.counts[level];
  }
  // Rows with the same values meet each other as well.
  TileComparer comparer(*program);
  for (size_t a = 0; a < chosen.rows.size(); ++a) {
    const uint64_t pairs = chosen.pairs_within(a);
    if (pairs == 0) continue;
    const RowPair pair{chosen.rows[a], chosen.rows[a]};
    AgreementPattern level = 0;
    ARROW_RETURN_NOT_OK(comparer.compare_pairs({&pair, 1}, &level));
    counts[level] += pairs;
  }
  return counts;
}

}  // namespace linkwright
