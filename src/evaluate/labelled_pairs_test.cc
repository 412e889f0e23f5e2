#include "evaluate/labelled_pairs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace linkwright {
namespace {

using ::testing::HasSubstr;

LabelledPairs labelled(const std::vector<LabelledPair>& pairs) { return LabelledPairs::make(pairs).ValueOrDie(); }

TEST(LabelledPairs, MeetScoredPairsInEitherOrder) {
  LabelledPairs pairs = labelled({{3, 1, 1.0}, {2, 5, 0.0}});
  TruthSpace space;
  pairs.add_scored(1, 3, 4.0, space);
  pairs.add_scored(5, 2, 2.0, space);
  pairs.add_missed(space);
  const auto rows = space.rows();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].false_positives, 1);
  EXPECT_EQ(rows[1].true_positives, 1);
  EXPECT_EQ(rows[1].true_negatives, 1);
}

TEST(LabelledPairs, IgnoreScoredPairsWithoutLabel) {
  LabelledPairs pairs = labelled({{0, 1, 1.0}});
  TruthSpace space;
  pairs.add_scored(0, 2, 4.0, space);
  EXPECT_TRUE(space.rows().empty());
}

TEST(LabelledPairs, CountPairsThatWereNotScoredAsMissed) {
  LabelledPairs pairs = labelled({{0, 1, 1.0}, {0, 2, 0.7}, {0, 3, 0.2}});
  TruthSpace space;
  pairs.add_scored(0, 1, 4.0, space);
  pairs.add_missed(space);
  const TruthSpaceRow row = space.rows().at(0);
  EXPECT_DOUBLE_EQ(row.recall, 0.5);
  EXPECT_EQ(row.true_negatives, 1);
}

TEST(LabelledPairs, CountADoubleLabelTwiceAndARepeatedPairOnce) {
  LabelledPairs pairs = labelled({{0, 1, 1.0}, {1, 0, 0.0}});
  TruthSpace space;
  pairs.add_scored(0, 1, 4.0, space);
  pairs.add_scored(0, 1, 9.0, space);
  const auto rows = space.rows();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].total_labels, 2);
}

TEST(LabelledPairs, RefuseSelfPairsAndScoresThatAreNone) {
  EXPECT_THAT(LabelledPairs::make(std::vector<LabelledPair>{{2, 2, 1.0}}).status().message(), HasSubstr("itself"));
  for (const double score : {-0.1, 1.5, std::nan("")}) {
    EXPECT_THAT(LabelledPairs::make(std::vector<LabelledPair>{{1, 2, score}}).status().message(),
                HasSubstr("clerical_match_score"));
  }
}

}  // namespace
}  // namespace linkwright
