#include "cluster/threshold_clusters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <tuple>

namespace linkwright {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Edge = std::tuple<uint32_t, uint32_t, double>;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<std::vector<uint32_t>> clusters_at(const std::vector<double>& thresholds, uint32_t num_rows,
                                               const std::vector<Edge>& edges) {
  ThresholdClusters clusters = ThresholdClusters::make(num_rows, thresholds).ValueOrDie();
  for (const auto& [left, right, weight] : edges) clusters.add(left, right, weight);
  return std::move(clusters).finish();
}

nlohmann::json fixture() {
  std::ifstream file(LINKWRIGHT_SOURCE_DIR "/tests/fixtures/cluster_columns.json");
  return nlohmann::json::parse(file);
}

TEST(ThresholdClusters, JoinMoreAtLowerThresholds) {
  const std::vector<Edge> edges{{0, 1, 5.0}, {1, 2, 2.0}, {3, 2, -1.0}};
  EXPECT_THAT(clusters_at({0.0, 3.0, -kInfinity}, 4, edges),
              ElementsAre(ElementsAre(0, 0, 0, 3), ElementsAre(0, 0, 2, 3), ElementsAre(0, 0, 0, 0)));
}

TEST(ThresholdClusters, CountAnEdgeExactlyAtTheThreshold) {
  EXPECT_THAT(clusters_at({2.0}, 2, {{0, 1, 2.0}}), ElementsAre(ElementsAre(0, 0)));
  EXPECT_THAT(clusters_at({std::nextafter(2.0, 3.0)}, 2, {{0, 1, 2.0}}), ElementsAre(ElementsAre(0, 1)));
}

TEST(ThresholdClusters, GiveARepeatedThresholdTwice) {
  EXPECT_THAT(clusters_at({1.0, 1.0}, 2, {{0, 1, 2.0}}), ElementsAre(ElementsAre(0, 0), ElementsAre(0, 0)));
}

TEST(ThresholdClusters, TakeNoEdgeWhoseWeightIsNotANumber) {
  EXPECT_THAT(clusters_at({-kInfinity}, 2, {{0, 1, std::nan("")}}), ElementsAre(ElementsAre(0, 1)));
}

TEST(ThresholdClusters, TakeInfiniteWeights) {
  EXPECT_THAT(clusters_at({kInfinity, 0.0}, 3, {{0, 1, kInfinity}, {1, 2, -kInfinity}}),
              ElementsAre(ElementsAre(0, 0, 2), ElementsAre(0, 0, 2)));
}

TEST(ThresholdClusters, RefuseNoThresholdAndNan) {
  EXPECT_THAT(ThresholdClusters::make(3, {}).status().message(), HasSubstr("at least one threshold"));
  EXPECT_THAT(ThresholdClusters::make(3, {std::nan("")}).status().message(), HasSubstr("not a number"));
}

TEST(ThresholdClusters, EqualOneClusteringAThreshold) {
  EXPECT_TRUE(rc::check([] {
    const auto num_rows = *rc::gen::inRange<uint32_t>(1, 60);
    const auto row = rc::gen::inRange<uint32_t>(0, num_rows);
    const auto weight = rc::gen::map(rc::gen::inRange(-8, 9), [](int half) { return half / 2.0; });
    const auto edges = *rc::gen::container<std::vector<Edge>>(rc::gen::tuple(row, row, weight));
    const auto thresholds = *rc::gen::nonEmpty(rc::gen::container<std::vector<double>>(weight));
    const auto clusters = clusters_at(thresholds, num_rows, edges);
    for (size_t i = 0; i < thresholds.size(); ++i) {
      ConnectedComponents components(num_rows);
      for (const auto& [left, right, match_weight] : edges) {
        if (match_weight >= thresholds[i]) components.unite(left, right);
      }
      RC_ASSERT(clusters[i] == components.representatives());
    }
  }));
}

// Expected: splink 5.0.0, cluster_pairwise_predictions_at_multiple_thresholds (tests/oracle/make_cluster_fixtures.py).
TEST(ThresholdClusters, EqualSplink) {
  const nlohmann::json cases = fixture()["cases"];
  ASSERT_FALSE(cases.empty());
  for (const nlohmann::json& item : cases) {
    const auto thresholds = item["thresholds"].get<std::vector<double>>();
    // Probabilities stand in for weights: clustering knows only their order.
    const auto clusters =
        clusters_at(thresholds, item["num_rows"].get<uint32_t>(), item["edges"].get<std::vector<Edge>>());
    ASSERT_EQ(item["columns"].size(), thresholds.size());
    for (size_t i = 0; i < thresholds.size(); ++i) {
      const std::string name = cluster_column_of_probability(thresholds[i]);
      EXPECT_EQ(clusters[i], item["columns"].at(name).get<std::vector<uint32_t>>()) << name;
    }
  }
}

TEST(ClusterColumnName, IsSplinksForProbabilities) {
  const nlohmann::json names = fixture()["names"]["probabilities"];
  ASSERT_FALSE(names.empty());
  for (const auto& [probability, name] : names.items()) {
    EXPECT_EQ(cluster_column_of_probability(std::stod(probability)), name.get<std::string>()) << probability;
  }
  EXPECT_EQ(cluster_column_of_probability(0.95), "cluster_p_0_95");
}

TEST(ClusterColumnName, IsSplinksForWeights) {
  const nlohmann::json names = fixture()["names"]["weights"];
  ASSERT_FALSE(names.empty());
  for (const auto& [weight, name] : names.items()) {
    EXPECT_EQ(cluster_column_of_weight(std::stod(weight)), name.get<std::string>()) << weight;
  }
  EXPECT_EQ(cluster_column_of_weight(3.5), "cluster_mw_3_5");
}

}  // namespace
}  // namespace linkwright
