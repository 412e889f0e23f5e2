// Cost of an edge in connected components: random edges, half as many as records (much of the graph joins up), and
// ten times as many (most edges lie within one component).
#include <benchmark/benchmark.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "cluster/components.h"

namespace linkwright {
namespace {

std::vector<std::pair<uint32_t, uint32_t>> random_edges(uint32_t num_rows, size_t num_edges) {
  std::vector<std::pair<uint32_t, uint32_t>> edges;
  edges.reserve(num_edges);
  uint64_t state = 1;
  const auto next = [&] {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<uint32_t>(((state >> 32) * num_rows) >> 32);
  };
  for (size_t i = 0; i < num_edges; ++i) {
    const uint32_t left = next();
    edges.emplace_back(left, next());
  }
  return edges;
}

void unite_random_edges(benchmark::State& state) {
  const auto num_rows = static_cast<uint32_t>(state.range(0));
  const auto edges = random_edges(num_rows, static_cast<size_t>(state.range(1)));
  for (auto _ : state) {
    ConnectedComponents components(num_rows);
    for (const auto& [left, right] : edges) components.unite(left, right);
    benchmark::DoNotOptimize(components.find(num_rows - 1));
  }
  state.SetItemsProcessed(state.iterations() * state.range(1));
}
BENCHMARK(unite_random_edges)
    ->Args({1'000'000, 500'000})
    ->Args({1'000'000, 10'000'000})
    ->Args({10'000'000, 50'000'000});

}  // namespace
}  // namespace linkwright
