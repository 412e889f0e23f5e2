#include "cluster/best_links.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

namespace linkwright {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Graph {
  std::vector<uint32_t> datasets;
  std::vector<ScoredEdge> edges;
  std::vector<bool> is_duplicate_free;
};

std::vector<uint32_t> clusters_of(const Graph& graph, LinkTies ties = LinkTies::kLowestId) {
  return cluster_by_best_links(graph.edges, graph.datasets, graph.is_duplicate_free, {.ties = ties}).ValueOrDie();
}

/// Splink's iteration written down step by step: every round looks at every edge.
class LiteralSplink {
 public:
  LiteralSplink(const Graph& graph, LinkTies ties) : graph_(graph) {
    for (const ScoredEdge& edge : graph.edges) {
      links_.push_back(edge);
      links_.push_back({edge.right, edge.left, edge.match_probability});
    }
    if (ties == LinkTies::kDrop) drop_ties();
  }

  std::vector<uint32_t> clusters() {
    std::vector<uint32_t> representative(graph_.datasets.size());
    for (uint32_t row = 0; row < representative.size(); ++row) representative[row] = row;
    while (true) {
      std::vector<uint32_t> next = round(representative);
      if (next == representative) return next;
      representative = std::move(next);
    }
  }

 private:
  using Rank = std::pair<double, uint32_t>;  // (-probability, row): the smallest is the best

  void drop_ties() {
    using Group = std::tuple<uint32_t, uint32_t, double>;
    std::map<Group, std::set<uint32_t>> forth, back;
    for (const ScoredEdge& link : links_) {
      forth[{link.left, graph_.datasets[link.right], link.match_probability}].insert(link.right);
      back[{link.right, graph_.datasets[link.left], link.match_probability}].insert(link.left);
    }
    std::erase_if(links_, [&](const ScoredEdge& link) {
      const uint32_t left = graph_.datasets[link.left], right = graph_.datasets[link.right];
      const bool tie_left =
          forth[{link.left, right, link.match_probability}].size() > 1 && graph_.is_duplicate_free[right];
      const bool tie_right =
          back[{link.right, left, link.match_probability}].size() > 1 && graph_.is_duplicate_free[left];
      return tie_left || tie_right;
    });
  }

  std::vector<uint32_t> round(const std::vector<uint32_t>& representative) const {
    std::map<uint32_t, std::set<uint32_t>> contains;
    for (uint32_t row = 0; row < representative.size(); ++row) {
      if (graph_.is_duplicate_free[graph_.datasets[row]]) contains[representative[row]].insert(graph_.datasets[row]);
    }
    const auto may_join = [&](uint32_t one, uint32_t other) {
      for (const uint32_t dataset : contains[one]) {
        if (contains[other].contains(dataset)) return false;
      }
      return one != other;
    };
    std::map<uint32_t, Rank> best_forth, best_back;
    const auto offer = [](std::map<uint32_t, Rank>& best, uint32_t cluster, Rank rank) {
      const auto [place, is_new] = best.emplace(cluster, rank);
      if (!is_new) place->second = std::min(place->second, rank);
    };
    for (const ScoredEdge& link : links_) {
      if (!may_join(representative[link.left], representative[link.right])) continue;
      offer(best_forth, representative[link.left], {-link.match_probability, link.right});
      offer(best_back, representative[link.right], {-link.match_probability, link.left});
    }
    std::vector<uint32_t> next = representative;
    for (const ScoredEdge& link : links_) {
      const uint32_t left = representative[link.left], right = representative[link.right];
      if (!may_join(left, right) || best_forth[left] != Rank{-link.match_probability, link.right} ||
          best_back[right] != Rank{-link.match_probability, link.left}) {
        continue;
      }
      next[link.left] = std::min(next[link.left], right);
    }
    return next;
  }

  const Graph& graph_;
  std::vector<ScoredEdge> links_;  // both directions
};

Graph random_graph() {
  Graph graph;
  const auto num_rows = *rc::gen::inRange<uint32_t>(2, 50);
  const auto num_datasets = *rc::gen::inRange<uint32_t>(1, 5);
  const auto num_probabilities = *rc::gen::element(1, 3, 50);
  const auto row = rc::gen::inRange<uint32_t>(0, num_rows);
  graph.datasets = *rc::gen::container<std::vector<uint32_t>>(num_rows, rc::gen::inRange<uint32_t>(0, num_datasets));
  graph.is_duplicate_free = *rc::gen::container<std::vector<bool>>(num_datasets, rc::gen::arbitrary<bool>());
  graph.is_duplicate_free[*rc::gen::inRange<uint32_t>(0, num_datasets)] = true;
  const auto num_edges = *rc::gen::inRange<size_t>(0, size_t{4} * num_rows);
  const auto links = *rc::gen::container<std::vector<std::tuple<uint32_t, uint32_t, int>>>(
      num_edges, rc::gen::tuple(row, row, rc::gen::inRange(0, num_probabilities)));
  for (const auto& [left, right, step] : links) {
    if (left != right) graph.edges.push_back({left, right, (1.0 + step) / (1.0 + num_probabilities)});
  }
  return graph;
}

TEST(BestLinks, JoinsMutualBestNeighbours) {
  // 0 prefers 2, 1 is left without a partner although it links to 2 as well.
  const Graph graph{{0, 0, 1}, {{0, 2, 0.9}, {1, 2, 0.8}}, {true, true}};
  EXPECT_THAT(clusters_of(graph), ElementsAre(0, 1, 0));
}

TEST(BestLinks, TakesTheSecondBestWhenTheBestIsTaken) {
  // 2 takes 0, so 1 falls back to 3.
  const Graph graph{{0, 0, 1, 1}, {{0, 2, 0.9}, {1, 2, 0.8}, {1, 3, 0.6}}, {true, true}};
  EXPECT_THAT(clusters_of(graph), ElementsAre(0, 1, 0, 1));
}

TEST(BestLinks, AllowsDuplicatesInDatasetsThatMayHaveThem) {
  const Graph graph{{0, 0, 1}, {{0, 2, 0.9}, {1, 2, 0.8}}, {false, true}};
  EXPECT_THAT(clusters_of(graph), ElementsAre(0, 0, 0));
}

TEST(BestLinks, BreaksTiesByTheLowestId) {
  const Graph graph{{0, 1, 1}, {{0, 2, 0.9}, {0, 1, 0.9}}, {true, true}};
  EXPECT_THAT(clusters_of(graph, LinkTies::kLowestId), ElementsAre(0, 0, 2));
}

TEST(BestLinks, DropsTiedLinksWhenAsked) {
  const Graph graph{{0, 1, 1}, {{0, 2, 0.9}, {0, 1, 0.9}}, {true, true}};
  EXPECT_THAT(clusters_of(graph, LinkTies::kDrop), ElementsAre(0, 1, 2));
}

TEST(BestLinks, KeepsTiesIntoDifferentDatasets) {
  const Graph graph{{0, 1, 2}, {{0, 1, 0.9}, {0, 2, 0.9}}, {true, true, true}};
  EXPECT_THAT(clusters_of(graph, LinkTies::kDrop), ElementsAre(0, 0, 0));
}

TEST(BestLinks, KeepsEveryRecordAloneWithoutEdges) {
  EXPECT_THAT(clusters_of({{0, 1, 0}, {}, {true, true}}), ElementsAre(0, 1, 2));
  EXPECT_TRUE(clusters_of({{}, {}, {true}}).empty());
}

TEST(BestLinks, HandlesMoreThanSixtyFourDuplicateFreeDatasets) {
  // A chain through 130 datasets makes one cluster; a second record of the last dataset must stay out.
  Graph graph;
  for (uint32_t dataset = 0; dataset < 130; ++dataset) graph.datasets.push_back(dataset);
  graph.datasets.push_back(129);
  graph.is_duplicate_free.assign(130, true);
  for (uint32_t row = 1; row < 130; ++row) graph.edges.push_back({row - 1, row, 0.9});
  graph.edges.push_back({0, 130, 0.5});
  std::vector<uint32_t> expected(130, 0);
  expected.push_back(130);
  EXPECT_EQ(clusters_of(graph), LiteralSplink(graph, LinkTies::kLowestId).clusters());
  EXPECT_EQ(clusters_of(graph), expected);
}

// Each record prefers the one before it, so a round settles one pair at a time: quadratic if all edges were looked at.
TEST(BestLinks, FinishesALongChainOfPreferences) {
  constexpr uint32_t kRows = 200'000;
  Graph graph;
  graph.is_duplicate_free = {true, true};
  for (uint32_t row = 0; row < kRows; ++row) graph.datasets.push_back(row % 2);
  for (uint32_t row = 1; row < kRows; ++row) graph.edges.push_back({row - 1, row, 1.0 - row / (2.0 * kRows)});
  std::vector<uint32_t> expected(kRows);
  for (uint32_t row = 0; row < kRows; ++row) expected[row] = row / 2 * 2;
  EXPECT_EQ(clusters_of(graph), expected);
}

// All link to one record, equally well, and join its cluster one a round: quadratic if a round looked at every member,
// neighbour or link of the cluster.
TEST(BestLinks, FinishesAStarOfTies) {
  constexpr uint32_t kRows = 200'000;
  constexpr uint32_t kHub = 1000;
  Graph graph;
  graph.is_duplicate_free = {false, true};
  graph.datasets.assign(kRows, 0);
  graph.datasets[kHub] = 1;
  for (uint32_t row = 0; row < kRows; ++row) {
    if (row != kHub) graph.edges.push_back({row, kHub, 0.9});
  }
  EXPECT_EQ(clusters_of(graph), std::vector<uint32_t>(kRows, 0));
}

TEST(BestLinks, EqualSplinksRoundsOnRandomGraphs) {
  for (const LinkTies ties : {LinkTies::kLowestId, LinkTies::kDrop}) {
    EXPECT_TRUE(rc::check([ties] {
      const Graph graph = random_graph();
      RC_ASSERT(clusters_of(graph, ties) == LiteralSplink(graph, ties).clusters());
    }));
  }
}

TEST(BestLinks, DoNotDependOnTheOrderDirectionOrRepetitionOfEdges) {
  EXPECT_TRUE(rc::check([] {
    Graph graph = random_graph();
    const std::vector<uint32_t> expected = clusters_of(graph);
    std::reverse(graph.edges.begin(), graph.edges.end());
    for (size_t i = 0; i < graph.edges.size(); i += 2) std::swap(graph.edges[i].left, graph.edges[i].right);
    if (!graph.edges.empty()) graph.edges.push_back(graph.edges.front());
    RC_ASSERT(clusters_of(graph) == expected);
  }));
}

// Expected: splink 5.0.0, one_to_one_clustering (tests/oracle/make_cluster_fixtures.py).
TEST(BestLinks, EqualSplink) {
  std::ifstream file(LINKWRIGHT_SOURCE_DIR "/tests/fixtures/best_links.json");
  const nlohmann::json cases = nlohmann::json::parse(file);
  ASSERT_GE(cases.size(), 100U);
  for (size_t i = 0; i < cases.size(); ++i) {
    const nlohmann::json& item = cases[i];
    Graph graph;
    graph.datasets = item["datasets"].get<std::vector<uint32_t>>();
    graph.is_duplicate_free.resize(item["num_datasets"].get<size_t>());
    for (const nlohmann::json& dataset : item["duplicate_free"]) graph.is_duplicate_free[dataset.get<size_t>()] = true;
    for (const nlohmann::json& edge : item["edges"]) {
      graph.edges.push_back({edge[0].get<uint32_t>(), edge[1].get<uint32_t>(), edge[2].get<double>()});
    }
    const LinkTies ties = item["ties"] == "drop" ? LinkTies::kDrop : LinkTies::kLowestId;
    EXPECT_EQ(clusters_of(graph, ties), item["clusters"].get<std::vector<uint32_t>>()) << "case " << i;
  }
}

TEST(BestLinks, RefusesWhatItCannotCluster) {
  const std::vector<uint32_t> datasets{0, 1};
  const std::vector<ScoredEdge> beyond{{0, 2, 0.5}}, not_a_number{{0, 1, std::nan("")}}, good{{0, 1, 0.5}};
  EXPECT_THAT(cluster_by_best_links(beyond, datasets, {true, true}).status().message(),
              HasSubstr("beyond the last row"));
  EXPECT_THAT(cluster_by_best_links(not_a_number, datasets, {true, true}).status().message(), HasSubstr("NaN"));
  EXPECT_THAT(cluster_by_best_links(good, datasets, {false, false}).status().message(),
              HasSubstr("duplicate_free_datasets"));
  EXPECT_THAT(cluster_by_best_links(good, datasets, {true}).status().message(), HasSubstr("only 1 datasets"));
}

TEST(BestLinks, StopsWhenCancelled) {
  Cancellation cancellation;
  cancellation.request();
  const std::vector<uint32_t> datasets{0, 1};
  const std::vector<ScoredEdge> edges{{0, 1, 0.5}};
  EXPECT_TRUE(
      cluster_by_best_links(edges, datasets, {true, true}, {.cancellation = &cancellation}).status().IsCancelled());
}

}  // namespace
}  // namespace linkwright
