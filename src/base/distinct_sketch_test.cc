#include "base/distinct_sketch.h"

#include <gtest/gtest.h>

#include <string>

namespace linkwright {
namespace {

TEST(DistinctSketch, IsExactForFewValues) {
  DistinctSketch sketch;
  for (int round = 0; round < 3; ++round) {
    for (int value = 0; value < 1000; ++value) sketch.add("v" + std::to_string(value));
  }
  EXPECT_EQ(sketch.values(), 1000U);
  EXPECT_EQ(sketch.bytes(), 10 * 2U + 90 * 3U + 900 * 4U);
}

TEST(DistinctSketch, KnowsNothingOfAnEmptyStream) {
  EXPECT_EQ(DistinctSketch().values(), 0U);
  EXPECT_EQ(DistinctSketch().bytes(), 0U);
}

TEST(DistinctSketch, IsWithinAFewPercentForMany) {
  for (const int distinct : {10'000, 100'000, 1'000'000}) {
    DistinctSketch sketch;
    for (int value = 0; value < distinct; ++value) {
      for (int repeat = 0; repeat < 1 + value % 2; ++repeat) sketch.add("person" + std::to_string(1'000'000 + value));
    }
    EXPECT_NEAR(static_cast<double>(sketch.values()) / distinct, 1, 0.05) << distinct;
    EXPECT_EQ(sketch.bytes(), sketch.values() * 13) << distinct;
  }
}

}  // namespace
}  // namespace linkwright
