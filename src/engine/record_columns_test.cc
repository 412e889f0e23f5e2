#include "engine/record_columns.h"

#include <arrow/buffer.h>
#include <arrow/util/bit_util.h>
#include <gtest/gtest.h>

#include <cstring>
#include <vector>

namespace linkwright {
namespace {

RowCodes codes_of(const std::vector<int32_t>& codes) {
  std::shared_ptr<arrow::Buffer> buffer = int32_buffer(codes.size()).ValueOrDie();
  if (!codes.empty()) std::memcpy(buffer->mutable_data(), codes.data(), codes.size() * sizeof(int32_t));
  return RowCodes::make(buffer).ValueOrDie();
}

// Numbers of codes around a byte of the bitmap, each place null in turn.
TEST(RowCodes, KnowTheirNulls) {
  for (const size_t size : {1, 7, 8, 9, 16, 23}) {
    for (size_t null = 0; null < size; ++null) {
      std::vector<int32_t> codes(size, 5);
      codes[null] = -1;
      const RowCodes made = codes_of(codes);
      ASSERT_EQ(made.nulls, 1);
      ASSERT_NE(made.validity, nullptr);
      for (size_t k = 0; k < size; ++k) {
        ASSERT_EQ(arrow::bit_util::GetBit(made.validity->data(), static_cast<int64_t>(k)), k != null);
      }
    }
  }
}

TEST(RowCodes, NeedNoBitmapWithoutNulls) {
  for (const RowCodes& made : {codes_of({}), codes_of({0, 1, 2, 3, 4, 5, 6, 7, 8})}) {
    EXPECT_EQ(made.nulls, 0);
    EXPECT_EQ(made.validity, nullptr);
  }
}

}  // namespace
}  // namespace linkwright
