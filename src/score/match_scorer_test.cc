#include "score/match_scorer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "column/test_records.h"
#include "model/match_weights.h"

namespace linkwright {
namespace {

constexpr double kPrior = 0.01;

Comparison name_comparison() {
  Comparison comparison;
  comparison.output_column_name = "name";
  ComparisonLevel null_level;
  null_level.sql_condition = "\"name_l\" IS NULL OR \"name_r\" IS NULL";
  null_level.is_null_level = true;
  ComparisonLevel exact;
  exact.sql_condition = "\"name_l\" = \"name_r\"";
  exact.m_probability = 0.9;
  exact.u_probability = 0.1;
  exact.tf_adjustment_column = "name";
  ComparisonLevel other;
  other.sql_condition = "ELSE";
  other.m_probability = 0.1;
  other.u_probability = 0.9;
  comparison.levels = {null_level, exact, other};
  return comparison;
}

class Scores : public testing::Test {
 protected:
  RecordTable records_ = test::records_of({{"name", {"ann", "ann", "bob", "ann", std::nullopt}}});
  PatternSpace patterns_ = PatternSpace::make({3}).ValueOrDie();
  double prior_weight_ = std::log2(kPrior / (1 - kPrior));

  MatchScorer scorer(const Comparison& comparison) const {
    return MatchScorer::make({comparison}, kPrior, patterns_, records_).ValueOrDie();
  }
};

TEST_F(Scores, AddThePriorAndTheLevelsWeight) {
  Comparison comparison = name_comparison();
  comparison.levels[1].tf_adjustment_column.clear();
  EXPECT_DOUBLE_EQ(scorer(comparison).match_weight(1, {0, 1}), prior_weight_ + std::log2(9.0));
  EXPECT_DOUBLE_EQ(scorer(comparison).match_weight(2, {0, 2}), prior_weight_ + std::log2(1.0 / 9));
}

TEST_F(Scores, CountANullLevelAsNoEvidence) {
  EXPECT_DOUBLE_EQ(scorer(name_comparison()).match_weight(0, {0, 4}), prior_weight_);
}

// "ann" is 3 of the 4 names that are not null; u of the exact level is 0.1.
TEST_F(Scores, ReplaceUByTheFrequencyOfTheValue) {
  EXPECT_NEAR(scorer(name_comparison()).match_weight(1, {0, 1}), prior_weight_ + std::log2(9.0) + std::log2(0.1 / 0.75),
              1e-12);
}

TEST_F(Scores, TakeTheMoreCommonOfTwoValues) {
  EXPECT_NEAR(scorer(name_comparison()).term_frequency_adjustment(0, 1, {0, 2}), std::log2(0.1 / 0.75), 1e-12);
}

TEST_F(Scores, DoNotGoBelowTheMinimumU) {
  Comparison comparison = name_comparison();
  comparison.levels[1].tf_minimum_u_value = 0.9;
  EXPECT_NEAR(scorer(comparison).term_frequency_adjustment(0, 1, {0, 1}), std::log2(0.1 / 0.9), 1e-12);
}

TEST_F(Scores, WeighTheAdjustment) {
  Comparison comparison = name_comparison();
  comparison.levels[1].tf_adjustment_weight = 0.5;
  EXPECT_NEAR(scorer(comparison).term_frequency_adjustment(0, 1, {0, 1}), 0.5 * std::log2(0.1 / 0.75), 1e-12);
}

TEST_F(Scores, AreNullWhereNoLevelHolds) { EXPECT_TRUE(std::isnan(scorer(name_comparison()).match_weight(3, {0, 1}))); }

TEST_F(Scores, NeverPassTheirBound) {
  const MatchScorer scored = scorer(name_comparison());
  for (AgreementPattern pattern = 0; pattern < 3; ++pattern) {
    for (const RowPair pair : {RowPair{0, 1}, RowPair{0, 2}, RowPair{2, 4}}) {
      EXPECT_LE(scored.match_weight(pattern, pair), scored.highest_match_weight(pattern) + 1e-9);
    }
  }
}

// Twelve comparisons of four outcomes have 2^24 patterns, too many for a table of their weights; ten have one.
TEST_F(Scores, AreAlikeWithATableOfPatternsAndWithout) {
  std::vector<Comparison> comparisons;
  for (int c = 0; c < 12; ++c) {
    comparisons.push_back(name_comparison());
    comparisons.back().output_column_name += std::to_string(c);
    comparisons.back().levels[1].tf_adjustment_weight = c % 3;
  }
  const PatternSpace many = PatternSpace::make(std::vector<size_t>(12, 3)).ValueOrDie();
  const PatternSpace few = PatternSpace::make(std::vector<size_t>(10, 3)).ValueOrDie();
  const MatchScorer by_levels = MatchScorer::make(comparisons, kPrior, many, records_).ValueOrDie();
  comparisons.resize(10);
  const MatchScorer by_table = MatchScorer::make(comparisons, kPrior, few, records_).ValueOrDie();
  for (AgreementPattern pattern = 0; pattern < few.size(); pattern += 997) {
    for (const RowPair pair : {RowPair{0, 1}, RowPair{0, 2}, RowPair{2, 4}, RowPair{4, 4}}) {
      const double weight = by_table.match_weight(pattern, pair);
      const double other = by_levels.match_weight(pattern, pair);  // null in the last two, which adds nothing
      EXPECT_TRUE(weight == other || (std::isnan(weight) && std::isnan(other))) << pattern;
    }
  }
}

TEST(TermFrequencyAdjustment, NeedsAnExactLevelToReplaceItsU) {
  Comparison comparison = name_comparison();
  comparison.levels[1].sql_condition = "jaro_winkler_similarity(\"name_l\", \"name_r\") > 0.9";
  EXPECT_FALSE(term_frequency_adjustment(comparison, 1).ok());
  comparison.levels[1].disable_tf_exact_match_detection = true;
  EXPECT_DOUBLE_EQ(term_frequency_adjustment(comparison, 1).ValueOrDie()->u_probability, 0.1);
}

TEST(MatchWeightToProbability, HoldsForAnyWeight) {
  EXPECT_DOUBLE_EQ(match_weight_to_probability(0), 0.5);
  EXPECT_DOUBLE_EQ(match_weight_to_probability(-5000), 0.0);
  EXPECT_DOUBLE_EQ(match_weight_to_probability(5000), 1.0);
  EXPECT_NEAR(match_weight_to_probability(probability_to_match_weight(0.2)), 0.2, 1e-15);
}

}  // namespace
}  // namespace linkwright
