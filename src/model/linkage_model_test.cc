#include "model/linkage_model.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "model/comparison_library.h"

namespace linkwright {
namespace {

// Found when a job was first proposed: the ELSE level was taken for a condition and ended the program.
TEST(ShortForm, AdjustsTermFrequenciesOfExactMatchesOnly) {
  const nlohmann::ordered_json json{
      {"comparison", "NameComparison"}, {"column", "surname"}, {"term_frequency_adjustments", true}};
  const Comparison comparison = expand_comparison(json, "job.json", "comparisons[0]").ValueOrDie();
  ASSERT_EQ(comparison.levels.size(), 6U);
  EXPECT_EQ(comparison.levels[1].tf_adjustment_column, "surname");
  for (const size_t level : {0U, 2U, 3U, 4U, 5U}) EXPECT_EQ(comparison.levels[level].tf_adjustment_column, "") << level;
}

}  // namespace
}  // namespace linkwright
