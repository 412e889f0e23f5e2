#include "evaluate/cluster_accuracy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <vector>

namespace linkwright {
namespace {

using ::testing::HasSubstr;
using Rows = std::vector<uint32_t>;

ClusterAccuracy measure(const Rows& clusters, const Rows& labels, const ComparablePairs& pairs = {}) {
  return measure_clusters(clusters, labels, pairs).ValueOrDie();
}

/// The oracle looks at every pair and every record.
ClusterAccuracy measure_pair_by_pair(const Rows& clusters, const Rows& labels, const ComparablePairs& pairs) {
  ClusterAccuracy accuracy;
  double precision = 0, recall = 0;
  for (uint32_t left = 0; left < labels.size(); ++left) {
    if (labels[left] == 0) continue;
    ++accuracy.num_labelled;
    double in_cluster = 0, in_label = 0, in_both = 0;
    for (uint32_t right = 0; right < labels.size(); ++right) {
      if (labels[right] == 0) continue;
      const bool predicted = clusters[left] == clusters[right], is_true = labels[left] == labels[right];
      in_cluster += predicted;
      in_label += is_true;
      in_both += predicted && is_true;
      if (left < right && pairs.contains(left, right)) {
        accuracy.num_predicted_pairs += predicted;
        accuracy.num_true_pairs += is_true;
        accuracy.num_correct_pairs += predicted && is_true;
      }
    }
    precision += in_both / in_cluster;
    recall += in_both / in_label;
  }
  if (accuracy.num_labelled > 0) {
    const auto labelled = static_cast<double>(accuracy.num_labelled);
    accuracy.b_cubed = {precision / labelled, recall / labelled};
  }
  return accuracy;
}

TEST(ClusterAccuracy, IsPerfectForTheTruth) {
  const ClusterAccuracy accuracy = measure({0, 0, 2, 3}, {7, 7, 1, 2});
  EXPECT_EQ(accuracy.pairwise.f1(), 1.0);
  EXPECT_EQ(accuracy.b_cubed.f1(), 1.0);
}

TEST(ClusterAccuracy, CountsPairs) {
  // Clusters {0,1,2} {3,4}; truth {0,1} {2,3,4}.
  const ClusterAccuracy accuracy = measure({0, 0, 0, 3, 3}, {1, 1, 2, 2, 2});
  EXPECT_EQ(accuracy.num_predicted_pairs, 4U);
  EXPECT_EQ(accuracy.num_true_pairs, 4U);
  EXPECT_EQ(accuracy.num_correct_pairs, 2U);
  EXPECT_DOUBLE_EQ(accuracy.pairwise.precision, 0.5);
  EXPECT_DOUBLE_EQ(accuracy.pairwise.recall, 0.5);
  // (2/3 + 2/3 + 1/3 + 1 + 1) / 5 and (1 + 1 + 1/3 + 2/3 + 2/3) / 5.
  EXPECT_DOUBLE_EQ(accuracy.b_cubed.precision, 11.0 / 15);
  EXPECT_DOUBLE_EQ(accuracy.b_cubed.recall, 11.0 / 15);
}

TEST(ClusterAccuracy, LeavesOutRecordsWithoutLabel) {
  const ClusterAccuracy accuracy = measure({0, 0, 0}, {5, 0, 5});
  EXPECT_EQ(accuracy.num_labelled, 2U);
  EXPECT_EQ(accuracy.num_predicted_pairs, 1U);
  EXPECT_EQ(accuracy.pairwise.precision, 1.0);
}

TEST(ClusterAccuracy, CountsOnlyPairsAcrossDatasetsForLinkage) {
  const Rows datasets{0, 0, 1};
  const ClusterAccuracy accuracy = measure({0, 0, 0}, {1, 1, 1}, {true, datasets});
  EXPECT_EQ(accuracy.num_true_pairs, 2U);
  EXPECT_EQ(accuracy.num_predicted_pairs, 2U);
}

TEST(ClusterAccuracy, OfNothingIsPerfect) {
  for (const Rows& labels : {Rows{}, Rows{0, 0}}) {
    const ClusterAccuracy accuracy = measure(Rows(labels.size()), labels);
    EXPECT_EQ(accuracy.num_labelled, 0U);
    EXPECT_EQ(accuracy.pairwise.f1(), 1.0);
    EXPECT_EQ(accuracy.b_cubed.f1(), 1.0);
  }
}

TEST(ClusterAccuracy, IsZeroWhenEveryPairIsWrong) {
  const ClusterAccuracy accuracy = measure({0, 0, 2}, {1, 2, 1});
  EXPECT_EQ(accuracy.pairwise.f1(), 0.0);
}

// One cluster of 200,000: 2e10 pairs, beyond 32 bits, in no time.
TEST(ClusterAccuracy, CountsBillionsOfPairsWithoutEnumeratingThem) {
  const Rows clusters(200'000, 0), labels(200'000, 1);
  EXPECT_EQ(measure(clusters, labels).num_correct_pairs, 19'999'900'000U);
}

TEST(ClusterAccuracy, EqualsCountingPairByPair) {
  EXPECT_TRUE(rc::check([] {
    const auto size = *rc::gen::inRange<size_t>(0, 60);
    const auto rows_below = [size](uint32_t bound) {
      return *rc::gen::container<Rows>(size, rc::gen::inRange<uint32_t>(0, bound));
    };
    const Rows clusters = rows_below(12), labels = rows_below(12), datasets = rows_below(3);
    const ComparablePairs pairs{*rc::gen::arbitrary<bool>(), datasets};
    const ClusterAccuracy accuracy = measure(clusters, labels, pairs);
    const ClusterAccuracy expected = measure_pair_by_pair(clusters, labels, pairs);
    RC_ASSERT(accuracy.num_labelled == expected.num_labelled);
    RC_ASSERT(accuracy.num_predicted_pairs == expected.num_predicted_pairs);
    RC_ASSERT(accuracy.num_true_pairs == expected.num_true_pairs);
    RC_ASSERT(accuracy.num_correct_pairs == expected.num_correct_pairs);
    RC_ASSERT(std::abs(accuracy.b_cubed.precision - expected.b_cubed.precision) < 1e-12);
    RC_ASSERT(std::abs(accuracy.b_cubed.recall - expected.b_cubed.recall) < 1e-12);
    RC_ASSERT(pairs.count_with_equal_label(labels) == expected.num_true_pairs);
  }));
}

TEST(ClusterAccuracy, RefusesListsOfDifferentLength) {
  EXPECT_THAT(measure_clusters(Rows{0}, Rows{1, 2}).status().message(), HasSubstr("1 records"));
  EXPECT_THAT(measure_clusters(Rows{0}, Rows{1}, {true, {}}).status().message(), HasSubstr("0 source datasets"));
}

TEST(ComparablePairs, CountAllPairsOrThoseAcrossDatasets) {
  const Rows datasets{0, 0, 1, 1, 1};
  EXPECT_EQ(ComparablePairs{}.count(5), 10U);
  EXPECT_EQ((ComparablePairs{true, datasets}.count(5)), 6U);
  EXPECT_EQ(ComparablePairs{}.count(0), 0U);
  EXPECT_EQ(ComparablePairs{}.count(uint64_t{1} << 32), 9223372034707292160U);
}

}  // namespace
}  // namespace linkwright
