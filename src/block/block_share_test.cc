#include "block/block_share.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace linkwright {
namespace {

TEST(BlockShare, GivesEveryBlockToOnePartition) {
  std::vector<int> blocks(7);
  const BlockShare share(7, {});
  for (uint64_t block = 1; block <= 7000; ++block) ++blocks[share.partition_of(block)];
  for (const int count : blocks) EXPECT_NEAR(count, 1000, 200);
}

TEST(BlockShare, SpreadsTheTilesOfACutBlockEvenly) {
  const std::vector<BlockShare::CutBlock> cut = {{42, 3}};
  const BlockShare share(6, cut);
  std::set<uint32_t> partitions;
  for (uint32_t i = 0; i < 3; ++i) {
    for (uint32_t j = i; j < 3; ++j) partitions.insert(share.partition_of_tile(42, i, j));
  }
  EXPECT_EQ(partitions.size(), 6U);
  EXPECT_EQ(share.partition_of_tile(42, 0, 2), share.partition_of_tile(42, 2, 0));
}

// Any two records of a block meet in one tile, in a partition that both were sent to.
TEST(BlockShare, SendsRecordsToWhereTheirTilesAre) {
  const std::vector<BlockShare::CutBlock> cut = {{42, 5}};
  const BlockShare share(4, cut);
  const auto sent_to = [&](uint64_t block, uint64_t record) {
    std::vector<uint32_t> partitions;
    share.for_each_partition(block, record, [&](uint32_t partition) { partitions.push_back(partition); });
    return partitions;
  };
  for (uint64_t a = 0; a < 20; ++a) {
    for (uint64_t b = a; b < 20; ++b) {
      const uint32_t tile = share.partition_of_tile(42, BlockShare::part_of(a, 5), BlockShare::part_of(b, 5));
      for (const uint64_t record : {a, b}) {
        const auto partitions = sent_to(42, record);
        EXPECT_NE(std::find(partitions.begin(), partitions.end(), tile), partitions.end());
      }
    }
    EXPECT_EQ(sent_to(43, a), (std::vector<uint32_t>{share.partition_of(43)}));
  }
}

TEST(BlockShare, KnowsWhenNothingIsElsewhere) {
  const std::vector<uint32_t> both = {0, 1};
  EXPECT_TRUE(BlockShare(2, {}, both).is_everything_here());
  EXPECT_FALSE(BlockShare(2, {}, {both.data(), 1}).is_everything_here());
  const std::vector<BlockShare::CutBlock> cut = {{42, 2}};
  EXPECT_FALSE(BlockShare(2, cut, both).is_everything_here());
}

}  // namespace
}  // namespace linkwright
