#include "io/chunk_dictionary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <vector>

namespace linkwright {
namespace {

std::vector<uint32_t> numbered(ChunkDictionary& dictionary, const std::vector<int32_t>& codes) {
  std::vector<uint32_t> numbers(codes.size());
  dictionary.number(codes, numbers.data());
  return numbers;
}

// The first looks codes up directly, the second by hash.
class ChunkDictionaries : public testing::TestWithParam<size_t> {};
INSTANTIATE_TEST_SUITE_P(Sizes, ChunkDictionaries, testing::Values(100, 1'000'000));

TEST_P(ChunkDictionaries, NumberCodesInOrderOfFirstAppearance) {
  ChunkDictionary dictionary(GetParam());
  EXPECT_THAT(numbered(dictionary, {7, 99, 7, 0}), testing::ElementsAre(0, 1, 0, 2));
  EXPECT_THAT(numbered(dictionary, {0, 5, 99}), testing::ElementsAre(2, 3, 1));
  EXPECT_THAT(dictionary.codes(), testing::ElementsAre(7, 99, 0, 5));
}

TEST_P(ChunkDictionaries, BeginAgainWhenCleared) {
  ChunkDictionary dictionary(GetParam());
  numbered(dictionary, {7, 99});
  dictionary.clear();
  EXPECT_TRUE(dictionary.codes().empty());
  EXPECT_THAT(numbered(dictionary, {99, 7}), testing::ElementsAre(0, 1));
}

// Stretches of codes a power of two apart, which land on the same slots of a table without a hash.
TEST(ChunkDictionary, NumbersManyCodesAsAMapDoes) {
  ChunkDictionary dictionary(size_t{1} << 31);
  std::map<int32_t, uint32_t> expected;
  for (int round = 0; round < 2; ++round) {
    for (const int32_t stretch : {0, 1 << 20, 1 << 24, 1 << 30}) {
      std::vector<int32_t> codes;
      for (int32_t k = 0; k < 20'000; ++k) codes.push_back(stretch + k / 2);
      const std::vector<uint32_t> numbers = numbered(dictionary, codes);
      for (size_t k = 0; k < codes.size(); ++k) {
        ASSERT_EQ(numbers[k], expected.try_emplace(codes[k], static_cast<uint32_t>(expected.size())).first->second);
      }
    }
  }
  EXPECT_EQ(dictionary.codes().size(), expected.size());
}

}  // namespace
}  // namespace linkwright
