// Nanoseconds a pair of the string kernels: two texts, one against n of a block, and pairs in lanes, for the kinds of
// text that people data has. `n` values meet each other, so the packing is part of what many-to-many pays; pairs in
// lanes come in lots of 1,024.
//   string_distance_bench --benchmark_counters_tabular=true

#include <benchmark/benchmark.h>

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "text/damerau_levenshtein.h"
#include "text/jaro.h"
#include "text/levenshtein.h"
#include "text/many_to_many.h"
#include "text/pair_lanes.h"

namespace linkwright {
namespace {

enum Kind : int64_t { kNames, kEmails, kPostcodes, kDates };

/// Digits with '#', letters by how often English names use them with '@', anything else as it is.
std::string from_pattern(std::string_view pattern, std::mt19937* random) {
  constexpr std::string_view kLetters = "aaaaaaaaeeeeeeeeeiiiiiinnnnnnlllllrrrrrrssssstttooooohhhhmmddcccbgjkuvpywfz";
  std::string text;
  for (const char c : pattern) {
    if (c == '#') {
      text += static_cast<char>('0' + (*random)() % 10);
    } else if (c == '@') {
      text += kLetters[(*random)() % kLetters.size()];
    } else {
      text += c;
    }
  }
  return text;
}

std::string sample(Kind kind, std::mt19937* random) {
  switch (kind) {
    case kNames:
      return from_pattern(std::string_view("@@@@@@@@@@@@").substr((*random)() % 9), random);
    case kEmails:
      return from_pattern("@@@@@@@.@@@@@@@", random) + ((*random)() % 2 == 0 ? "@mail.com" : "@web.org");
    case kPostcodes:
      return from_pattern((*random)() % 2 == 0 ? "@@# #@@" : "@@## #@@", random);
    case kDates:
      break;
  }
  return from_pattern((*random)() % 2 == 0 ? "19##-0#-1#" : "19##-1#-2#", random);
}

class Block {
 public:
  explicit Block(const benchmark::State& state) {
    std::mt19937 random(1);
    for (int64_t i = 0; i < state.range(1); ++i) texts_.push_back(sample(static_cast<Kind>(state.range(0)), &random));
    views_.assign(texts_.begin(), texts_.end());
  }
  const std::vector<std::string_view>& views() const { return views_; }

 private:
  std::vector<std::string> texts_;
  std::vector<std::string_view> views_;
};

void report_pairs(benchmark::State& state) {
  const auto pairs = static_cast<double>(state.iterations() * state.range(1) * state.range(1));
  // A rate, inverted, in seconds: the console prints 2.5n for 2.5 ns a pair.
  state.counters["pair"] = benchmark::Counter(pairs, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

template <typename Distance>
void two_texts(benchmark::State& state, const Distance& distance) {
  const Block block(state);
  for (auto _ : state) {
    for (const std::string_view a : block.views()) {
      for (const std::string_view b : block.views()) benchmark::DoNotOptimize(distance(a, b));
    }
  }
  report_pairs(state);
}

template <typename Distances>
void many_to_many(benchmark::State& state, const Distances& distances) {
  const auto level = static_cast<SimdLevel>(state.range(2));
  const Block block(state);
  const std::span<const std::string_view> texts = block.views();
  PackedStrings packed;
  std::vector<NearText> near(texts.size() * TextQueries::kMost);
  for (auto _ : state) {
    packed.assign(texts);
    for (size_t first = 0; first < texts.size(); first += TextQueries::kMost) {
      distances({texts.subspan(first, std::min(TextQueries::kMost, texts.size() - first))}, packed, near, level);
      benchmark::DoNotOptimize(near.data());
    }
  }
  report_pairs(state);
}

template <typename Distances>
void pairs_in_lanes(benchmark::State& state, const Distances& distances) {
  constexpr size_t kLot = 1024;
  const auto level = static_cast<SimdLevel>(state.range(2));
  const Block block(state);
  PairLanes lanes;
  std::vector<TextPair> pairs;
  std::vector<NearText> near(kLot);
  for (auto _ : state) {
    for (const std::string_view a : block.views()) {
      for (const std::string_view b : block.views()) {
        pairs.push_back({a, b});
        if (pairs.size() < kLot) continue;
        benchmark::DoNotOptimize(distances(pairs, &lanes, near, level));
        pairs.clear();
      }
    }
  }
  report_pairs(state);
}

void two_texts_levenshtein(benchmark::State& state) {
  two_texts(state, [](auto a, auto b) { return levenshtein(a, b); });
}
void two_texts_levenshtein_within_2(benchmark::State& state) {
  two_texts(state, [](auto a, auto b) { return levenshtein_within(a, b, 2); });
}
void two_texts_damerau_within_2(benchmark::State& state) {
  two_texts(state, [](auto a, auto b) { return damerau_levenshtein_within(a, b, 2); });
}
void two_texts_jaro_winkler(benchmark::State& state) {
  two_texts(state, [](auto a, auto b) { return jaro_winkler(a, b, JaroWinklerRounding::kFused); });
}
void many_levenshtein_within_2(benchmark::State& state) {
  many_to_many(state, [](const TextQueries& queries, const auto& packed, auto& near, SimdLevel level) {
    levenshtein_many_to_many(queries, packed, 2, near, level);
  });
}
void many_damerau_within_2(benchmark::State& state) {
  many_to_many(state, [](const TextQueries& queries, const auto& packed, auto& near, SimdLevel level) {
    damerau_levenshtein_many_to_many(queries, packed, 2, near, level);
  });
}
void many_jaro_winkler_from_0(benchmark::State& state) {
  const JaroCutoff cutoff = JaroCutoff::of_jaro_winkler(0.0);
  many_to_many(state, [&](const TextQueries& queries, const auto& packed, auto& near, SimdLevel level) {
    jaro_winkler_many_to_many(queries, packed, JaroWinklerRounding::kFused, cutoff, near, level);
  });
}
void many_jaro_winkler_from_0_8(benchmark::State& state) {
  const JaroCutoff cutoff = JaroCutoff::of_jaro_winkler(0.8);
  many_to_many(state, [&](const TextQueries& queries, const auto& packed, auto& near, SimdLevel level) {
    jaro_winkler_many_to_many(queries, packed, JaroWinklerRounding::kFused, cutoff, near, level);
  });
}
void lanes_levenshtein_within_2(benchmark::State& state) {
  pairs_in_lanes(state, [](const auto& pairs, PairLanes* lanes, auto& near, SimdLevel level) {
    return lanes->levenshtein(pairs, 2, near, level);
  });
}
void lanes_damerau_within_2(benchmark::State& state) {
  pairs_in_lanes(state, [](const auto& pairs, PairLanes* lanes, auto& near, SimdLevel level) {
    return lanes->damerau_levenshtein(pairs, 2, near, level);
  });
}
void lanes_jaro_winkler_from(benchmark::State& state, double similarity) {
  const JaroCutoff cutoff = JaroCutoff::of_jaro_winkler(similarity);
  pairs_in_lanes(state, [&](const auto& pairs, PairLanes* lanes, auto& near, SimdLevel level) {
    return lanes->jaro_winkler(pairs, JaroWinklerRounding::kFused, cutoff, near, level);
  });
}
void lanes_jaro_winkler_from_0(benchmark::State& state) { lanes_jaro_winkler_from(state, 0); }
void lanes_jaro_winkler_from_0_8(benchmark::State& state) { lanes_jaro_winkler_from(state, 0.8); }

void kinds(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"kind", "n"})->ArgsProduct({{kNames, kEmails, kPostcodes, kDates}, {500}});
}

void kinds_sizes_levels(benchmark::internal::Benchmark* benchmark, const std::vector<int64_t>& sizes) {
  std::vector<int64_t> levels;
  for (const SimdLevel level : supported_simd_levels()) levels.push_back(static_cast<int64_t>(level));
  benchmark->ArgNames({"kind", "n", "simd"})->ArgsProduct({{kNames, kEmails, kPostcodes, kDates}, sizes, levels});
}

void kinds_sizes_and_levels(benchmark::internal::Benchmark* benchmark) {
  kinds_sizes_levels(benchmark, {50, 500, 5000});
}

void kinds_and_levels(benchmark::internal::Benchmark* benchmark) { kinds_sizes_levels(benchmark, {500}); }

BENCHMARK(two_texts_levenshtein)->Apply(kinds);
BENCHMARK(two_texts_levenshtein_within_2)->Apply(kinds);
BENCHMARK(two_texts_damerau_within_2)->Apply(kinds);
BENCHMARK(two_texts_jaro_winkler)->Apply(kinds);
BENCHMARK(many_levenshtein_within_2)->Apply(kinds_sizes_and_levels);
BENCHMARK(many_damerau_within_2)->Apply(kinds_sizes_and_levels);
BENCHMARK(many_jaro_winkler_from_0)->Apply(kinds_sizes_and_levels);
BENCHMARK(many_jaro_winkler_from_0_8)->Apply(kinds_sizes_and_levels);
BENCHMARK(lanes_levenshtein_within_2)->Apply(kinds_and_levels);
BENCHMARK(lanes_damerau_within_2)->Apply(kinds_and_levels);
BENCHMARK(lanes_jaro_winkler_from_0)->Apply(kinds_and_levels);
BENCHMARK(lanes_jaro_winkler_from_0_8)->Apply(kinds_and_levels);

}  // namespace
}  // namespace linkwright
