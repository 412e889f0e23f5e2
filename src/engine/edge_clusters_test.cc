#include "engine/edge_clusters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "column/test_records.h"

namespace linkwright {
namespace {

using testing::ElementsAre;

// The representatives of three records under one threshold; the first two make a pair of `weight`.
std::vector<uint32_t> clusters_of_a_pair(double weight, const Threshold& threshold) {
  const RecordTable records = test::records_of({{"name", {"a", "b", "c"}}});
  ThreadPool pool(1);
  Progress progress(nullptr);
  MemoryBudget budget(0);
  RunContext context{pool, nullptr, progress, budget, {}};
  ClusterSpec spec;
  spec.thresholds = {threshold};
  EdgeClusters clusters = EdgeClusters::make(spec, records, context).ValueOrDie();
  ScoredPair pair{};
  pair.pair = {0, 1};
  pair.match_weight = weight;
  EXPECT_TRUE(clusters.add({&pair, 1}).ok());
  return clusters.finish().ValueOrDie()[0].representative_of_row;
}

Threshold probability(double value) {
  Threshold threshold;
  threshold.match_probability = value;
  return threshold;
}

Threshold weight(double value) {
  Threshold threshold;
  threshold.match_weight = value;
  return threshold;
}

// Splink 5.0.0: m = 0.75 against u = 0.25 and a prior of one half give a weight of log2(3), the weight of 0.75, and a
// probability of 0.7499999999999999.
TEST(EdgeClusters, HoldProbabilitiesAgainstTheThresholdAsSplinkDoes) {
  EXPECT_THAT(clusters_of_a_pair(std::log2(3), probability(0.75)), ElementsAre(0, 1, 2));
  EXPECT_THAT(clusters_of_a_pair(std::nextafter(std::log2(3), 2), probability(0.75)), ElementsAre(0, 0, 2));
  EXPECT_THAT(clusters_of_a_pair(0, probability(0.5)), ElementsAre(0, 0, 2));
  EXPECT_THAT(clusters_of_a_pair(-1e-9, probability(0.5)), ElementsAre(0, 1, 2));
}

// All weights from 54 up are a probability of 1.
TEST(EdgeClusters, JoinCertainPairsUnderAThresholdOfOne) {
  EXPECT_THAT(clusters_of_a_pair(54, probability(1)), ElementsAre(0, 0, 2));
  EXPECT_THAT(clusters_of_a_pair(54, weight(80)), ElementsAre(0, 0, 2));
  EXPECT_THAT(clusters_of_a_pair(50, probability(1)), ElementsAre(0, 1, 2));
  EXPECT_THAT(clusters_of_a_pair(9.99, weight(10)), ElementsAre(0, 1, 2));
  EXPECT_THAT(clusters_of_a_pair(10, weight(10)), ElementsAre(0, 0, 2));
}

TEST(EdgeClusters, JoinEveryPairWithoutAThreshold) {
  EXPECT_THAT(clusters_of_a_pair(-3000, {}), ElementsAre(0, 0, 2));
  EXPECT_THAT(clusters_of_a_pair(-3000, probability(0)), ElementsAre(0, 0, 2));
}

}  // namespace
}  // namespace linkwright
