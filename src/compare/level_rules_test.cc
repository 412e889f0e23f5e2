#include "compare/level_rules.h"

#include <gtest/gtest.h>

#include <vector>

namespace linkwright {
namespace {

using Op = Formula::Op;

Formula atom(size_t index) { return {Op::kAtom, index, {}}; }

std::vector<uint8_t> decide(const LevelRules& rules, const std::vector<std::vector<Truth>>& atoms) {
  std::vector<const Truth*> pointers;
  for (const auto& truths : atoms) pointers.push_back(truths.data());
  std::vector<uint8_t> levels(atoms[0].size());
  LevelRules::Workspace workspace;
  rules.decide(pointers.data(), levels.size(), &workspace, levels.data());
  return levels;
}

struct TruthCase {
  Truth a;
  Truth b;
  Truth conjunction;
  Truth disjunction;
};

// SQL:1999 truth tables.
TEST(Truth, FollowsSqlsThreeValuedLogic) {
  const std::vector<TruthCase> cases = {
      {kTrue, kTrue, kTrue, kTrue},
      {kTrue, kFalse, kFalse, kTrue},
      {kTrue, kNullTruth, kNullTruth, kTrue},
      {kFalse, kFalse, kFalse, kFalse},
      {kFalse, kNullTruth, kFalse, kNullTruth},
      {kNullTruth, kNullTruth, kNullTruth, kNullTruth},
  };
  for (const TruthCase& c : cases) {
    EXPECT_EQ(truth_and(c.a, c.b), c.conjunction);
    EXPECT_EQ(truth_and(c.b, c.a), c.conjunction);
    EXPECT_EQ(truth_or(c.a, c.b), c.disjunction);
    EXPECT_EQ(truth_or(c.b, c.a), c.disjunction);
  }
  EXPECT_EQ(truth_not(kTrue), kFalse);
  EXPECT_EQ(truth_not(kFalse), kTrue);
  EXPECT_EQ(truth_not(kNullTruth), kNullTruth);
}

TEST(LevelRules, TakesTheFirstLevelThatIsTrue) {
  const LevelRules rules({atom(0), atom(1), Formula{}});
  EXPECT_EQ(decide(rules, {{kTrue, kFalse, kFalse, kTrue}, {kTrue, kTrue, kFalse, kFalse}}),
            (std::vector<uint8_t>{0, 1, 2, 0}));
}

TEST(LevelRules, PassesOverANullCondition) {
  const LevelRules rules({atom(0), Formula{}});
  EXPECT_EQ(decide(rules, {{kNullTruth}}), (std::vector<uint8_t>{1}));
}

TEST(LevelRules, GivesOnePastTheLastWithoutElse) {
  const LevelRules rules({atom(0)});
  EXPECT_EQ(decide(rules, {{kFalse, kNullTruth}}), (std::vector<uint8_t>{1, 1}));
}

TEST(LevelRules, EvaluatesNestedFormulas) {
  // (a AND NOT b) OR c
  const Formula formula{Op::kOr, 0, {{Op::kAnd, 0, {atom(0), {Op::kNot, 0, {atom(1)}}}}, atom(2)}};
  const LevelRules rules({formula, Formula{}});
  EXPECT_EQ(decide(rules, {{kTrue, kTrue, kFalse}, {kFalse, kTrue, kTrue}, {kFalse, kFalse, kTrue}}),
            (std::vector<uint8_t>{0, 1, 0}));
}

}  // namespace
}  // namespace linkwright
