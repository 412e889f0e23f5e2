#include "engine/link_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <random>

namespace linkwright {
namespace {

constexpr uint32_t kRows = 60'000;

// Edges within groups of 20 records; far more than the least buffers hold at once.
std::vector<ScoredEdge> edges_in_groups(size_t count) {
  std::mt19937 random(1);
  std::vector<ScoredEdge> edges;
  while (edges.size() < count) {
    const auto group = static_cast<uint32_t>(random() % (kRows / 20) * 20);
    const auto left = static_cast<uint32_t>(group + random() % 20);
    const auto right = static_cast<uint32_t>(group + random() % 20);
    if (left < right) edges.push_back({left, right, static_cast<double>(random() % 1000) / 1000});
  }
  return edges;
}

MemoryBudget least_budget() {
  MemoryBudget budget(1);
  budget.leave_for_buffers(0);
  return budget;
}

std::vector<uint32_t> clusters(LinkStore store, const std::vector<ScoredEdge>& edges, size_t* parts) {
  for (const ScoredEdge& edge : edges) EXPECT_TRUE(store.add(edge).ok());
  std::vector<uint32_t> dataset(kRows);
  for (uint32_t row = 0; row < kRows; ++row) dataset[row] = row % 3;
  std::vector<uint32_t> representatives(kRows);
  std::iota(representatives.begin(), representatives.end(), 0U);
  const Status status = store.for_each_part([&](std::span<const ScoredEdge> part) -> Status {
    ++*parts;
    ARROW_ASSIGN_OR_RAISE(const auto found, cluster_by_best_links(part, dataset, {true, true, false}));
    for (const ScoredEdge& edge : part) {
      representatives[edge.left] = found[edge.left];
      representatives[edge.right] = found[edge.right];
    }
    return Status::OK();
  });
  EXPECT_TRUE(status.ok()) << status;
  return representatives;
}

TEST(LinkStore, GivesTheSameClustersInPartsAsInOnePiece) {
  const std::vector<ScoredEdge> edges = edges_in_groups(700'000);
  size_t whole = 0;
  size_t cut = 0;
  const auto expected = clusters(LinkStore(kRows, MemoryBudget(), testing::TempDir()), edges, &whole);
  EXPECT_EQ(clusters(LinkStore(kRows, least_budget(), testing::TempDir()), edges, &cut), expected);
  EXPECT_EQ(whole, 1U);
  EXPECT_GT(cut, 4U);
}

TEST(LinkStore, RefusesAComponentThatDoesNotFitUnderTheLimit) {
  LinkStore store(kRows, least_budget(), testing::TempDir());
  for (uint32_t edge = 0; edge < 400'000; ++edge) ASSERT_TRUE(store.add({0, 1 + edge % (kRows - 1), 0.5}).ok());
  const Status status = store.for_each_part([](std::span<const ScoredEdge>) { return Status::OK(); });
  EXPECT_TRUE(status.IsOutOfMemory());
  EXPECT_THAT(status.message(), testing::HasSubstr("--memory-limit"));
}

TEST(LinkStore, HasAnEmptyPartWithoutEdges) {
  size_t parts = 0;
  clusters(LinkStore(kRows, MemoryBudget(), testing::TempDir()), {}, &parts);
  EXPECT_EQ(parts, 1U);
}

}  // namespace
}  // namespace linkwright
