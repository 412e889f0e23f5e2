#include "train/expectation_maximisation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "model/match_weights.h"
#include "train/em_session.h"
#include "train/parameter_estimates.h"

namespace linkwright {
namespace {

Comparison exact_comparison(const std::string& column) {
  Comparison comparison;
  comparison.output_column_name = column;
  ComparisonLevel null_level;
  null_level.sql_condition = "\"" + column + "_l\" IS NULL OR \"" + column + "_r\" IS NULL";
  null_level.is_null_level = true;
  ComparisonLevel exact;
  exact.sql_condition = "\"" + column + "_l\" = \"" + column + "_r\"";
  ComparisonLevel other;
  other.sql_condition = "ELSE";
  comparison.levels = {null_level, exact, other};
  return comparison;
}

// Three independent comparisons whose pairs are drawn from known m, u and prior: EM must find them again.
TEST(ExpectationMaximisation, FindsTheParametersThatMadeThePatterns) {
  const std::vector<double> m = {0.9, 0.8, 0.7};
  const std::vector<double> u = {0.1, 0.05, 0.2};
  const double prior = 0.3;
  std::vector<Comparison> comparisons = {exact_comparison("a"), exact_comparison("b"), exact_comparison("c")};
  const PatternSpace patterns = PatternSpace::make({3, 3, 3}).ValueOrDie();
  std::vector<PatternCount> counts;
  for (unsigned agreement = 0; agreement < 8; ++agreement) {
    AgreementPattern pattern = 0;
    double if_match = prior;
    double if_not = 1 - prior;
    for (size_t c = 0; c < 3; ++c) {
      const bool agrees = (agreement >> c & 1) != 0;
      pattern += patterns.stride(c) * (agrees ? 1 : 2);
      if_match *= agrees ? m[c] : 1 - m[c];
      if_not *= agrees ? u[c] : 1 - u[c];
    }
    counts.push_back({pattern, 0, 0, static_cast<uint64_t>(std::llround((if_match + if_not) * 1e12))});
  }
  EmOptions options;
  options.convergence = 1e-9;
  options.max_iterations = 10000;
  options.fix_u = false;
  const EmResult result = expectation_maximisation(comparisons, 0.4, patterns, counts, options).ValueOrDie();
  EXPECT_TRUE(result.converged);
  EXPECT_NEAR(result.probability_two_random_records_match, prior, 1e-4);
  for (size_t c = 0; c < 3; ++c) {
    EXPECT_NEAR(result.levels[c][1].m, m[c], 1e-4);
    EXPECT_NEAR(result.levels[c][1].u, u[c], 1e-4);
  }
}

TEST(ExpectationMaximisation, MarksALevelThatNoPairHas) {
  const std::vector<Comparison> comparisons = {exact_comparison("a")};
  const PatternSpace patterns = PatternSpace::make({3}).ValueOrDie();
  const std::vector<PatternCount> counts = {{2, 0, 0, 100}};
  const EmResult result = expectation_maximisation(comparisons, 0.1, patterns, counts, {}).ValueOrDie();
  EXPECT_FALSE(result.levels[0][1].m_observed);
  EXPECT_EQ(result.levels[0][1].m, 1e-6);
}

TEST(ExpectationMaximisation, LeavesFixedLevelsAlone) {
  std::vector<Comparison> comparisons = {exact_comparison("a")};
  comparisons[0].levels[1].m_probability = 0.77;
  comparisons[0].levels[1].fix_m_probability = true;
  const PatternSpace patterns = PatternSpace::make({3}).ValueOrDie();
  const std::vector<PatternCount> counts = {{1, 0, 0, 50}, {2, 0, 0, 50}};
  EXPECT_EQ(expectation_maximisation(comparisons, 0.1, patterns, counts, {}).ValueOrDie().levels[0][1].m, 0.77);
}

TEST(LevelProportions, LeaveNullLevelsOut) {
  const auto proportions = level_proportions(exact_comparison("a"), {1000, 30, 70, 0});
  EXPECT_FALSE(proportions[0]);
  EXPECT_DOUBLE_EQ(*proportions[1], 0.3);
  EXPECT_DOUBLE_EQ(*proportions[2], 0.7);
}

TEST(ParameterEstimates, GiveTheModelTheirMedian) {
  std::vector<Comparison> comparisons = {exact_comparison("a")};
  ParameterEstimates estimates(comparisons);
  for (const double m : {0.9, 0.5, 0.6, 0.8}) estimates.add_m(0, 1, m);
  estimates.populate(&comparisons);
  EXPECT_DOUBLE_EQ(*comparisons[0].levels[1].m_probability, 0.7);
  EXPECT_FALSE(comparisons[0].levels[2].m_probability);
}

TEST(EmSession, EstimatesOnlyWhatTheRuleDoesNotRead) {
  LinkageModel model;
  model.comparisons = {exact_comparison("first_name"), exact_comparison("dob")};
  const EmSessionPlan plan = plan_em_session(model, {"dob"}).ValueOrDie();
  EXPECT_EQ(plan.active, (std::vector<size_t>{0}));
  ASSERT_EQ(plan.implied.size(), 1u);
  EXPECT_EQ(plan.implied[0].comparison, 1u);
}

// Odds 0.0001 / 0.9999 times m / u of the level that the rule implies (defaults: 0.95 and 0.95 / 2^10).
TEST(EmSession, StartsFromThePriorAmongPairsThatTheRuleMakes) {
  LinkageModel model;
  model.comparisons = {exact_comparison("first_name"), exact_comparison("dob")};
  const EmSessionPlan plan = plan_em_session(model, {"dob"}).ValueOrDie();
  const double odds = 0.0001 / 0.9999 * 1024;
  EXPECT_NEAR(plan.starting_prior, odds / (1 + odds), 1e-12);
}

TEST(EmSession, RefusesARuleThatUsesEveryComparisonUp) {
  LinkageModel model;
  model.comparisons = {exact_comparison("dob")};
  EXPECT_FALSE(plan_em_session(model, {"dob"}).ok());
}

}  // namespace
}  // namespace linkwright
