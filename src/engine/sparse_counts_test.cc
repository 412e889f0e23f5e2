#include "engine/sparse_counts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <tuple>

namespace linkwright {
namespace {

using Key = std::tuple<uint64_t, uint64_t, double>;

std::vector<PatternCount> all_of(const PatternCounts& counts) {
  std::vector<PatternCount> all;
  EXPECT_TRUE(
      counts.for_each([&](std::span<const PatternCount> piece) { all.insert(all.end(), piece.begin(), piece.end()); })
          .ok());
  return all;
}

TEST(SparseCounts, HasNothingWithoutPairs) {
  const PatternCounts counts = SparseCounts(3, 1 << 20, testing::TempDir()).finish().ValueOrDie();
  EXPECT_EQ(counts.num_pairs(), 0U);
  EXPECT_TRUE(all_of(counts).empty());
}

// Whatever the memory: none to speak of, so that tables, sorting and result all go to files, or plenty.
TEST(SparseCounts, CountsTheSameInAnyMemoryAndByAnyWorker) {
  std::mt19937 random(1);
  std::vector<PatternCount> pairs;
  std::map<Key, uint64_t> expected;
  for (int pair = 0; pair < 200'000; ++pair) {
    const PatternCount count{random() % 5, random() % 4, (static_cast<double>(random() % 20'000) - 10'000) / 7, 0};
    pairs.push_back(count);
    ++expected[{count.pattern, count.adjusted_comparisons, count.adjustment}];
  }
  for (const size_t memory_bytes : {size_t{0}, size_t{1} << 20, size_t{64} << 20}) {
    for (const int workers : {1, 5}) {
      SparseCounts counting(workers, memory_bytes, testing::TempDir());
      for (size_t pair = 0; pair < pairs.size(); ++pair) {
        ASSERT_TRUE(counting.add(static_cast<int>(pair % static_cast<size_t>(workers)), pairs[pair]).ok());
      }
      const PatternCounts counts = std::move(counting).finish().ValueOrDie();
      EXPECT_EQ(counts.num_pairs(), pairs.size());
      for (int time = 0; time < 2; ++time) {
        auto next = expected.begin();
        const std::vector<PatternCount> all = all_of(counts);
        ASSERT_EQ(all.size(), expected.size());
        for (const PatternCount& count : all) {
          ASSERT_EQ(Key(count.pattern, count.adjusted_comparisons, count.adjustment), next->first);
          ASSERT_EQ(count.pairs, next->second);
          ++next;
        }
      }
    }
  }
}

TEST(SparseCounts, NamesTheFolderThatTakesNoFile) {
  SparseCounts counting(1, 0, "/no/such/folder");
  Status status;
  for (int pair = 0; pair < 100'000 && status.ok(); ++pair) status = counting.add(0, {0, 0, pair / 8.0, 0});
  if (status.ok()) status = std::move(counting).finish().status();
  EXPECT_NE(status.message().find("/no/such/folder"), std::string::npos) << status;
}

}  // namespace
}  // namespace linkwright
