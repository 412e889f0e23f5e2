#include "cluster/components.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

namespace linkwright {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Edges = std::vector<std::pair<uint32_t, uint32_t>>;

std::vector<uint32_t> components_of(uint32_t num_rows, const Edges& edges) {
  ConnectedComponents components(num_rows);
  for (const auto& [left, right] : edges) components.unite(left, right);
  return components.representatives();
}

/// The oracle: breadth-first from the smallest unvisited row.
std::vector<uint32_t> components_by_search(uint32_t num_rows, const Edges& edges) {
  std::vector<std::vector<uint32_t>> neighbours(num_rows);
  for (const auto& [left, right] : edges) {
    neighbours[left].push_back(right);
    neighbours[right].push_back(left);
  }
  std::vector<uint32_t> representatives(num_rows, num_rows);
  for (uint32_t start = 0; start < num_rows; ++start) {
    if (representatives[start] != num_rows) continue;
    std::vector<uint32_t> queue{start};
    representatives[start] = start;
    for (size_t place = 0; place < queue.size(); ++place) {
      for (const uint32_t next : neighbours[queue[place]]) {
        if (representatives[next] != num_rows) continue;
        representatives[next] = start;
        queue.push_back(next);
      }
    }
  }
  return representatives;
}

Edges random_edges(uint32_t num_rows) {
  const auto row = rc::gen::inRange<uint32_t>(0, num_rows);
  return *rc::gen::container<Edges>(rc::gen::pair(row, row));
}

TEST(ConnectedComponents, NamesAComponentByItsSmallestRow) {
  EXPECT_THAT(components_of(6, {{5, 4}, {2, 5}}), ElementsAre(0, 1, 2, 3, 2, 2));
}

TEST(ConnectedComponents, KeepsRowsWithoutEdgesAsTheirOwnComponents) {
  EXPECT_THAT(components_of(3, {}), ElementsAre(0, 1, 2));
}

TEST(ConnectedComponents, OfNoRowsAreNone) {
  ConnectedComponents components(0);
  EXPECT_THAT(components.representatives(), IsEmpty());
}

TEST(ConnectedComponents, IgnoreAnEdgeFromARowToItself) { EXPECT_THAT(components_of(2, {{1, 1}}), ElementsAre(0, 1)); }

// A chain joined from its far end makes the deepest tree that linking by index allows.
TEST(ConnectedComponents, FollowAChainOfAMillionRows) {
  constexpr uint32_t kRows = 1'000'000;
  ConnectedComponents components(kRows);
  for (uint32_t row = kRows - 1; row > 0; --row) components.unite(row, row - 1);
  EXPECT_EQ(components.find(kRows - 1), 0U);
}

TEST(ConnectedComponents, EqualBreadthFirstSearchOnRandomGraphs) {
  EXPECT_TRUE(rc::check([] {
    const auto num_rows = *rc::gen::inRange<uint32_t>(1, 200);
    const Edges edges = random_edges(num_rows);
    RC_ASSERT(components_of(num_rows, edges) == components_by_search(num_rows, edges));
  }));
}

TEST(ConnectedComponents, DoNotDependOnTheOrderOrDirectionOfEdges) {
  EXPECT_TRUE(rc::check([] {
    const auto num_rows = *rc::gen::inRange<uint32_t>(1, 100);
    const Edges edges = random_edges(num_rows);
    Edges turned = edges;
    std::reverse(turned.begin(), turned.end());
    for (auto& [left, right] : turned) std::swap(left, right);
    RC_ASSERT(components_of(num_rows, edges) == components_of(num_rows, turned));
  }));
}

TEST(ConnectedComponents, AreTheSameWhenManyThreadsBringTheEdges) {
  constexpr uint32_t kRows = 20'000;
  constexpr uint32_t kThreads = 4;
  Edges edges;
  uint64_t state = 1;
  for (uint32_t i = 0; i < 30'000; ++i) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    edges.emplace_back(static_cast<uint32_t>((state >> 33) % kRows), static_cast<uint32_t>((state >> 12) % kRows));
  }
  ConnectedComponents components(kRows);
  std::vector<std::thread> threads;
  for (uint32_t thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (size_t i = thread; i < edges.size(); i += kThreads) components.unite(edges[i].first, edges[i].second);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(components.representatives(), components_by_search(kRows, edges));
}

}  // namespace
}  // namespace linkwright
