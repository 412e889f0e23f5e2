#include "compare/level_counts.h"

#include <algorithm>
#include <array>
#include <memory>
#include <numeric>
#include <utility>

#include "column/value_dictionary.h"
#include "compare/comparison_program.h"
#include "compare/pair_comparer.h"
#include "compare/tile_comparer.h"

namespace linkwright {
namespace {

// Half of a tile on the diagonal is for nothing.
constexpr size_t kTileRows = 512;

constexpr uint16_t kSeveral = UINT16_MAX;

// Rows that stand for all rows with the same values, and how many those are in each dataset. Where only links count,
// values of one dataset alone are kept together, by dataset.
struct Representatives {
  size_t sources = 1;  // 1 also where datasets do not matter
  std::vector<uint32_t> rows;
  std::vector<uint64_t> weights;    // rows x sources
  std::vector<uint16_t> source_of;  // of each row; kSeveral

  // Pairs among the rows that one representative stands for.
  uint64_t pairs_within(size_t a) const {
    const uint64_t* of_a = weights.data() + a * sources;
    if (sources == 1) return *of_a * (*of_a - 1) / 2;
    uint64_t pairs = 0;
    for (size_t s = 0; s < sources; ++s) {
      for (size_t t = s + 1; t < sources; ++t) pairs += of_a[s] * of_a[t];
    }
    return pairs;
  }
};

Representatives represent(const ComparisonProgram& program, size_t comparison, const RecordTable& records,
                          std::span<const uint32_t> rows, bool links_only) {
  Representatives chosen;
  chosen.sources = links_only ? std::max<size_t>(1, records.source_names().size()) : 1;
  const bool symmetric = program.symmetric(comparison);
  const std::vector<size_t> columns = program.columns_of(comparison);
  std::vector<uint32_t> codes(columns.size());
  ByteStringDictionary distinct;
  for (const uint32_t row : rows) {
    size_t place = chosen.rows.size();
    if (symmetric) {
      for (size_t c = 0; c < columns.size(); ++c) codes[c] = program.row_codes(row)[columns[c]];
      place = distinct.code({reinterpret_cast<const char*>(codes.data()), codes.size() * sizeof(uint32_t)}) - 1;
    }
    const uint16_t source = chosen.sources > 1 ? records.source_of_row()[row] : 0;
    if (place == chosen.rows.size()) {
      chosen.rows.push_back(row);
      chosen.source_of.push_back(source);
      chosen.weights.resize(chosen.weights.size() + chosen.sources);
    }
    if (chosen.source_of[place] != source) chosen.source_of[place] = kSeveral;
    ++chosen.weights[place * chosen.sources + source];
  }
  return chosen;
}

// By dataset, so that whole tiles hold no link.
Representatives sorted_by_source(Representatives chosen) {
  std::vector<size_t> order(chosen.rows.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return chosen.source_of[a] < chosen.source_of[b]; });
  Representatives sorted;
  sorted.sources = chosen.sources;
  for (const size_t a : order) {
    sorted.rows.push_back(chosen.rows[a]);
    sorted.source_of.push_back(chosen.source_of[a]);
    const auto weights = chosen.weights.begin() + static_cast<std::ptrdiff_t>(a * chosen.sources);
    sorted.weights.insert(sorted.weights.end(), weights, weights + static_cast<std::ptrdiff_t>(chosen.sources));
  }
  return sorted;
}

// Places of representatives from `begin` up to `end`, all of one dataset or all of several.
struct Run {
  size_t begin;
  size_t end;
};

std::vector<Run> runs_of(const Representatives& chosen) {
  std::vector<Run> runs;
  for (size_t begin = 0; begin < chosen.rows.size();) {
    size_t end = begin + 1;
    while (end < chosen.rows.size() && end - begin < kTileRows && chosen.source_of[end] == chosen.source_of[begin]) {
      ++end;
    }
    runs.push_back({begin, end});
    begin = end;
  }
  return runs;
}

struct TilePlace {
  Run left;
  Run right;
};

std::vector<TilePlace> tiles_of(const Representatives& chosen) {
  const std::vector<Run> runs = runs_of(chosen);
  std::vector<TilePlace> tiles;
  for (size_t i = 0; i < runs.size(); ++i) {
    for (size_t j = i; j < runs.size(); ++j) {
      const uint16_t source = chosen.source_of[runs[i].begin];
      const bool no_links = chosen.sources > 1 && source != kSeveral && source == chosen.source_of[runs[j].begin];
      if (!no_links) tiles.push_back({runs[i], runs[j]});
    }
  }
  return tiles;
}

// Adds up, level by level and dataset by dataset, the weights of a row's right values.
class RowWeights {
 public:
  RowWeights(size_t outcomes, size_t sources) : sources_(sources), sums_(outcomes * sources) {}

  // `source`: that of all the right values, or kSeveral.
  void add(const uint8_t* levels, const uint64_t* weights, uint16_t source, size_t first, size_t end) {
    std::fill(sums_.begin(), sums_.end(), 0);
    if (source != kSeveral) return add_of_one_source(levels, weights + source, source, first, end);
    for (size_t j = first; j < end; ++j) {
      for (size_t s = 0; s < sources_; ++s) sums_[levels[j] * sources_ + s] += weights[j * sources_ + s];
    }
  }

  // Pairs of a left value of these weights with all right values of a level.
  uint64_t pairs(const uint64_t* left, size_t level) const {
    const uint64_t* of_level = sums_.data() + level * sources_;
    if (sources_ == 1) return left[0] * of_level[0];
    uint64_t all = 0;
    for (size_t s = 0; s < sources_; ++s) all += of_level[s];
    uint64_t pairs = 0;
    for (size_t s = 0; s < sources_; ++s) pairs += left[s] * (all - of_level[s]);
    return pairs;
  }

 private:
  // Most values share a level, and adding to one place again and again waits for itself: so two places in turn.
  void add_of_one_source(const uint8_t* levels, const uint64_t* weights, uint16_t source, size_t first, size_t end) {
    even_.fill(0);
    odd_.fill(0);
    size_t j = first;
    for (; j + 1 < end; j += 2) {
      even_[levels[j]] += weights[j * sources_];
      odd_[levels[j + 1]] += weights[(j + 1) * sources_];
    }
    if (j < end) even_[levels[j]] += weights[j * sources_];
    for (size_t level = 0; level * sources_ < sums_.size(); ++level) {
      sums_[level * sources_ + source] = even_[level] + odd_[level];
    }
  }

  size_t sources_;
  std::vector<uint64_t> sums_;      // levels x sources
  std::array<uint64_t, 256> even_;  // by level
  std::array<uint64_t, 256> odd_;
};

}  // namespace

Result<std::vector<uint64_t>> count_levels_of_all_pairs(const ComparisonProgram& program, size_t comparison,
                                                        const RecordTable& records, std::span<const uint32_t> rows,
                                                        bool links_only, ThreadPool& pool,
                                                        const Cancellation* cancellation) {
  const ComparisonProgram::Choice choice = program.choose({comparison});
  const size_t outcomes = choice.patterns.size();
  Representatives chosen = represent(program, comparison, records, rows, links_only);
  // Where left and right differ, rows stay in their order, which is by dataset in any case.
  if (chosen.sources > 1 && program.symmetric(comparison)) chosen = sorted_by_source(std::move(chosen));
  const std::vector<TilePlace> tiles = tiles_of(chosen);
  struct Worker {
    std::unique_ptr<TileComparer> comparer;
    std::unique_ptr<RowWeights> weights;
    std::vector<uint64_t> counts;
  };
  std::vector<Worker> workers(static_cast<size_t>(pool.threads()));
  ARROW_RETURN_NOT_OK(pool.for_each_chunk(
      tiles.size(),
      [&](size_t t, int w) -> Status {
        Worker& worker = workers[static_cast<size_t>(w)];
        if (worker.comparer == nullptr) {
          worker.comparer = std::make_unique<TileComparer>(choice);
          worker.weights = std::make_unique<RowWeights>(outcomes, chosen.sources);
          worker.counts.resize(outcomes);
        }
        const auto part = [&](Run run) {
          return std::span<const uint32_t>(chosen.rows).subspan(run.begin, run.end - run.begin);
        };
        const auto [left, right] = tiles[t];
        const PairTile tile{part(left), part(right), left.begin == right.begin};
        ARROW_RETURN_NOT_OK(worker.comparer->load(tile));
        for (size_t i = 0; i < tile.left_rows.size(); ++i) {
          if (cancellation != nullptr) ARROW_RETURN_NOT_OK(cancellation->check());
          const size_t first = tile.diagonal ? i + 1 : 0;
          const uint8_t* levels = nullptr;
          ARROW_RETURN_NOT_OK(worker.comparer->level_row(i, first, &levels));
          worker.weights->add(levels, chosen.weights.data() + right.begin * chosen.sources,
                              chosen.source_of[right.begin], first, tile.right_rows.size());
          const uint64_t* of_left = chosen.weights.data() + (left.begin + i) * chosen.sources;
          for (size_t level = 0; level < outcomes; ++level) {
            worker.counts[level] += worker.weights->pairs(of_left, level);
          }
        }
        return Status::OK();
      },
      cancellation));

  std::vector<uint64_t> counts(outcomes);
  for (const Worker& worker : workers) {
    for (size_t level = 0; level < worker.counts.size(); ++level) counts[level] += worker.counts[level];
  }
  // Rows with the same values meet each other as well.
  PairComparer comparer(choice);
  for (size_t a = 0; a < chosen.rows.size(); ++a) {
    const uint64_t pairs = chosen.pairs_within(a);
    if (pairs == 0) continue;
    const RowPair pair{chosen.rows[a], chosen.rows[a]};
    AgreementPattern level = 0;
    ARROW_RETURN_NOT_OK(comparer.compare({&pair, 1}, &level));
    counts[level] += pairs;
  }
  return counts;
}

}  // namespace linkwright
