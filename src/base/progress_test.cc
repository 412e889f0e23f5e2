#include "base/progress.h"

#include <gtest/gtest.h>

#include <vector>

namespace linkwright {
namespace {

TEST(Progress, ReportsTheStartAndTheEndOfAStage) {
  std::vector<ProgressUpdate> updates;
  Progress progress([&](const ProgressUpdate& update) { updates.push_back(update); });
  progress.begin("predict", "pairs", 100);
  progress.advance(60);
  progress.advance(40);
  progress.end();
  ASSERT_GE(updates.size(), 2u);
  EXPECT_EQ(updates.front().done, 0u);
  EXPECT_EQ(updates.front().total, 100u);
  EXPECT_EQ(updates.back().done, 100u);
  EXPECT_TRUE(updates.back().finished);
}

TEST(ProgressUpdate, PredictsTheTimeLeftFromTheRateSoFar) {
  const ProgressUpdate update{"predict", "pairs", 25, 100, 10, false};
  EXPECT_DOUBLE_EQ(update.eta_seconds(), 30);
  EXPECT_DOUBLE_EQ(update.per_second(), 2.5);
}

TEST(ProgressUpdate, HasNoEtaWithoutATotal) {
  EXPECT_LT((ProgressUpdate{"read", "rows", 5, 0, 1, false}).eta_seconds(), 0);
}

}  // namespace
}  // namespace linkwright
