// Nanoseconds a pair of the whole comparison, by how many records a block has: as a tile and pair by pair. Blocks are
// drawn at random from 400,000 people, so that their texts are in no cache, as in a run.
//   pair_comparison_bench --benchmark_counters_tabular=true

#include <arrow/table.h>
#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "base/thread_pool.h"
#include "column/record_table.h"
#include "compare/comparison_program.h"
#include "compare/pair_comparer.h"
#include "compare/tile_comparer.h"
#include "generate/people.h"

namespace linkwright {
namespace {

Comparison comparison_of(const std::string& column, const std::vector<std::string>& conditions) {
  Comparison comparison;
  comparison.output_column_name = column;
  const auto add = [&](const std::string& sql) {
    ComparisonLevel level;
    level.sql_condition = sql;
    level.label_for_charts = sql;
    comparison.levels.push_back(level);
  };
  const std::string left = column + "_l";
  const std::string right = column + "_r";
  add(left + " IS NULL OR " + right + " IS NULL");
  add(left + " = " + right);
  for (const std::string& condition : conditions) {
    const size_t open = condition.find('(');
    add(condition.substr(0, open) + "(" + left + ", " + right + ")" + condition.substr(open + 2));
  }
  add("ELSE");
  return comparison;
}

// The comparisons of the people job.
std::vector<Comparison> comparisons() {
  const std::vector<std::string> names = {"jaro_winkler_similarity() >= 0.92", "jaro_winkler_similarity() >= 0.88",
                                          "jaro_winkler_similarity() >= 0.7"};
  return {comparison_of("first_name", names),
          comparison_of("surname", names),
          comparison_of("dob", {"levenshtein() <= 1"}),
          comparison_of("postcode", {"levenshtein() <= 1", "levenshtein() <= 2"}),
          comparison_of("city", {}),
          comparison_of("email", {"jaro_winkler_similarity() >= 0.92", "jaro_winkler_similarity() >= 0.8"})};
}

struct People {
  RecordTable records;
  std::unique_ptr<ComparisonProgram> program;

  static People make() {
    constexpr uint64_t kRows = 400'000;
    const PeopleGenerator generator = PeopleGenerator::make({kRows}).ValueOrDie();
    RecordTableOptions options;
    options.encoded = {"first_name", "surname", "dob", "postcode", "city", "email"};
    ThreadPool pool(1);
    const auto table = arrow::Table::FromRecordBatches({generator.batch(0, kRows).ValueOrDie()}).ValueOrDie();
    RecordTable records = RecordTable::make({{"people", table}}, options, pool).ValueOrDie();
    return {std::move(records), nullptr};
  }

  static const People& shared() {
    static const std::unique_ptr<People> people = [] {
      auto made = std::make_unique<People>(make());
      made->program = ComparisonProgram::compile(comparisons(), made->records, {}).ValueOrDie();
      return made;
    }();
    return *people;
  }
};

constexpr int64_t kAllComparisons = 6;
constexpr size_t kBlocks = 256;

class Blocks {
 public:
  explicit Blocks(const benchmark::State& state) : size_(static_cast<size_t>(state.range(1))) {
    std::mt19937 random(1);
    for (size_t i = 0; i < size_ * kBlocks; ++i) {
      rows_.push_back(static_cast<uint32_t>(random() % People::shared().records.num_rows()));
    }
    for (size_t b = 0; b < kBlocks; ++b) {
      std::sort(rows_.begin() + static_cast<std::ptrdiff_t>(b * size_),
                rows_.begin() + static_cast<std::ptrdiff_t>((b + 1) * size_));
    }
  }
  std::span<const uint32_t> operator[](size_t block) const { return std::span(rows_).subspan(block * size_, size_); }

 private:
  size_t size_;
  std::vector<uint32_t> rows_;
};

ComparisonProgram::Choice choice_of(const benchmark::State& state) {
  const ComparisonProgram& program = *People::shared().program;
  return state.range(0) == kAllComparisons ? program.all() : program.choose({static_cast<size_t>(state.range(0))});
}

void report_pairs(benchmark::State& state) {
  const int64_t n = state.range(1);
  state.counters["pair"] = benchmark::Counter(static_cast<double>(state.iterations() * n * (n - 1) / 2),
                                              benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void as_tile(benchmark::State& state) {
  const Blocks blocks(state);
  TileComparer comparer(choice_of(state));
  std::vector<AgreementPattern> patterns(static_cast<size_t>(state.range(1)));
  size_t block = 0;
  for (auto _ : state) {
    const auto rows = blocks[block++ % kBlocks];
    if (!comparer.load({rows, rows, true}).ok()) state.SkipWithError("load");
    for (size_t i = 0; i < rows.size(); ++i) {
      if (!comparer.compare_row(i, i + 1, patterns.data()).ok()) state.SkipWithError("compare_row");
      benchmark::DoNotOptimize(patterns.data());
    }
  }
  report_pairs(state);
}

void pair_by_pair(benchmark::State& state) {
  const Blocks blocks(state);
  PairComparer comparer(choice_of(state));
  std::vector<RowPair> pairs;
  std::vector<AgreementPattern> patterns;
  size_t block = 0;
  for (auto _ : state) {
    const auto rows = blocks[block++ % kBlocks];
    pairs.clear();
    for (size_t i = 0; i < rows.size(); ++i) {
      for (size_t j = i + 1; j < rows.size(); ++j) pairs.push_back({rows[i], rows[j]});
    }
    patterns.resize(pairs.size());
    if (!comparer.compare(pairs, patterns.data()).ok()) state.SkipWithError("compare");
    benchmark::DoNotOptimize(patterns.data());
  }
  report_pairs(state);
}

BENCHMARK(as_tile)
    ->ArgNames({"comparison", "rows"})
    ->ArgsProduct({{0, 1, 2, 3, 4, 5, kAllComparisons}, {4, 8, 16, 32, 128, 512}});
BENCHMARK(pair_by_pair)->ArgNames({"comparison", "rows"})->ArgsProduct({{0, 1, 2, 3, 4, 5, kAllComparisons}, {8}});

}  // namespace
}  // namespace linkwright
