#include "io/rle_bit_packing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

namespace linkwright {
namespace {

std::vector<uint8_t> encoded(const std::vector<uint32_t>& values, int bit_width) {
  std::vector<uint8_t> bytes(most_rle_bit_packed_bytes(values.size(), bit_width));
  uint8_t* const end = append_rle_bit_packed(values, bit_width, bytes.data());
  EXPECT_LE(end - bytes.data(), static_cast<std::ptrdiff_t>(bytes.size()));
  bytes.resize(static_cast<size_t>(end - bytes.data()));
  return bytes;
}

// Reads as the format's page describes it, bit by bit.
std::vector<uint32_t> decoded(const std::vector<uint8_t>& bytes, int bit_width, size_t size) {
  std::vector<uint32_t> values;
  size_t at = 0;
  while (values.size() < size) {
    uint64_t header = 0;
    for (int shift = 0;; shift += 7) {
      header |= uint64_t{bytes.at(at) & 0x7Fu} << shift;
      if ((bytes[at++] & 0x80) == 0) break;
    }
    if ((header & 1) == 0) {
      uint32_t value = 0;
      for (int byte = 0; byte < (bit_width + 7) / 8; ++byte) value |= uint32_t{bytes.at(at++)} << (8 * byte);
      values.insert(values.end(), header >> 1, value);
    } else {
      const size_t count = (header >> 1) * 8;
      for (size_t k = 0; k < count; ++k) {
        uint32_t value = 0;
        for (size_t bit = 0; bit < static_cast<size_t>(bit_width); ++bit) {
          const size_t place = k * static_cast<size_t>(bit_width) + bit;
          value |= uint32_t{(bytes.at(at + place / 8) >> (place % 8)) & 1u} << bit;
        }
        values.push_back(value);
      }
      at += count / 8 * static_cast<size_t>(bit_width);
    }
  }
  EXPECT_EQ(at, bytes.size());
  values.resize(size);  // the last group is filled up
  return values;
}

// The example of the format's page: 0 to 7 in three bits are 0x88 0xC6 0xFA, behind the header of one group.
TEST(RleBitPacking, PacksTheFormatsOwnExample) {
  EXPECT_THAT(encoded({0, 1, 2, 3, 4, 5, 6, 7}, 3), testing::ElementsAre(0x03, 0x88, 0xC6, 0xFA));
}

TEST(RleBitPacking, WritesALongRunAsItsLength) {
  EXPECT_THAT(encoded(std::vector<uint32_t>(100, 5), 3), testing::ElementsAre(0xC8, 0x01, 0x05));
  EXPECT_THAT(encoded(std::vector<uint32_t>(8, 0x1234), 17), testing::ElementsAre(0x10, 0x34, 0x12, 0x00));
}

TEST(RleBitPacking, PacksARunThatALengthWouldNotMakeShorter) {
  EXPECT_THAT(encoded(std::vector<uint32_t>(8, 1), 1), testing::ElementsAre(0x03, 0xFF));
}

TEST(RleBitPacking, FillsUpTheLastGroupWithZeros) {
  EXPECT_THAT(encoded({1, 1, 1}, 1), testing::ElementsAre(0x03, 0x07));
}

TEST(RleBitPacking, WritesNothingForNothing) { EXPECT_TRUE(encoded({}, 7).empty()); }

TEST(RleBitPacking, NeedsOneBitForOneNumber) {
  EXPECT_EQ(bits_for(1), 1);
  EXPECT_EQ(bits_for(2), 1);
  EXPECT_EQ(bits_for(3), 2);
  EXPECT_EQ(bits_for(256), 8);
  EXPECT_EQ(bits_for(257), 9);
}

// Stretches of one value among values of all sizes, in every width: runs that begin and end inside of groups.
RC_GTEST_PROP(RleBitPacking, ReadsBackWhatItWrote, ()) {
  const int bit_width = *rc::gen::inRange(1, 33);
  const uint32_t most = bit_width == 32 ? UINT32_MAX : (uint32_t{1} << bit_width) - 1;
  std::vector<uint32_t> values;
  const auto stretches = *rc::gen::container<std::vector<std::pair<uint32_t, uint8_t>>>(
      rc::gen::pair(rc::gen::arbitrary<uint32_t>(), rc::gen::arbitrary<uint8_t>()));
  for (const auto& [value, length] : stretches) {
    if (length % 2 == 0) {
      values.insert(values.end(), length, value & most);
    } else {
      for (uint32_t k = 0; k < length; ++k) values.push_back((value * (k + 1)) & most);
    }
  }
  RC_ASSERT(decoded(encoded(values, bit_width), bit_width, values.size()) == values);
}

}  // namespace
}  // namespace linkwright
