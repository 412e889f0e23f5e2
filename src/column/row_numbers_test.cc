#include "column/row_numbers.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <span>
#include <vector>

namespace linkwright {
namespace {

TEST(RowNumbers, HoldsWhatItTakesFromColumns) {
  const std::vector<uint32_t> first = {1, 2, 3};
  const std::vector<uint32_t> second = {10, 20, 30};
  const std::vector<uint32_t> third = {100, 200, 300};
  RowNumbers<uint32_t> numbers(3, 3);
  numbers.take(std::vector<std::span<const uint32_t>>{first, second, third}, 0, 2);
  numbers.take(std::vector<std::span<const uint32_t>>{first, second, third}, 2, 3);
  for (size_t row = 0; row < 3; ++row) {
    EXPECT_EQ(numbers.row(row)[0], first[row]);
    EXPECT_EQ(numbers.row(row)[1], second[row]);
    EXPECT_EQ(numbers.row(row)[2], third[row]);
  }
}

TEST(RowNumbers, KeepsARowWithinACacheLineWhereThatIsCheap) {
  constexpr size_t kLine = 64;
  for (const size_t width : {1, 2, 3, 4, 6, 7, 8, 12, 13, 16}) {
    RowNumbers<uint32_t> numbers(100, width);
    for (size_t row = 0; row < 100; ++row) {
      const auto begin = reinterpret_cast<uintptr_t>(numbers.row(row));
      const uintptr_t last = begin + width * sizeof(uint32_t) - 1;
      EXPECT_EQ(begin / kLine, last / kLine) << "row " << row << " of " << width << " numbers";
    }
  }
}

TEST(RowNumbers, TakesAThirdMoreMemoryAtMost) {
  for (size_t width = 0; width < 200; ++width) {
    EXPECT_GE(RowNumbers<uint16_t>::stride_for(width), width);
    EXPECT_LE(3 * RowNumbers<uint16_t>::stride_for(width), 4 * width);
  }
}

}  // namespace
}  // namespace linkwright
