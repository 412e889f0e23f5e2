#include "base/memory_budget.h"

#include <gtest/gtest.h>

namespace linkwright {
namespace {

TEST(ParseBytes, ReadsUnitsAsPowersOf1024) {
  EXPECT_EQ(*parse_bytes("8GB"), int64_t{8} << 30);
  EXPECT_EQ(*parse_bytes("512MiB"), int64_t{512} << 20);
  EXPECT_EQ(*parse_bytes("1.5g"), int64_t{3} << 29);
  EXPECT_EQ(*parse_bytes("100 kb"), 102400);
  EXPECT_EQ(*parse_bytes("123"), 123);
}

TEST(ParseBytes, RefusesWhatIsNotASize) {
  for (const char* text : {"", "GB", "-1GB", "8XB", "8 GBs", "nan", "1e30TB"}) {
    EXPECT_FALSE(parse_bytes(text).ok()) << text;
  }
}

TEST(FormatBytes, ChoosesAReadableUnit) {
  EXPECT_EQ(format_bytes(512), "512 B");
  EXPECT_EQ(format_bytes(1536), "1.5 KiB");
  EXPECT_EQ(format_bytes(int64_t{3} << 30), "3.0 GiB");
}

TEST(MemoryBudget, GivesBuffersWhatIsLeftWithinBounds) {
  MemoryBudget budget(1000);
  EXPECT_TRUE(budget.is_limited());
  budget.leave_for_buffers(int64_t{64} << 20);
  EXPECT_EQ(budget.buffer_bytes(), int64_t{64} << 20);
  budget.leave_for_buffers(1);
  EXPECT_EQ(budget.buffer_bytes(), MemoryBudget::kLeastBufferBytes);
  budget.leave_for_buffers(int64_t{1} << 60);
  EXPECT_EQ(budget.buffer_bytes(), MemoryBudget::kMostBufferBytes);
}

TEST(MemoryBudget, WithoutALimitGivesBuffersTheMost) {
  EXPECT_FALSE(MemoryBudget().is_limited());
  EXPECT_EQ(MemoryBudget().buffer_bytes(), MemoryBudget::kMostBufferBytes);
}

TEST(ResidentBytes, AreMeasured) { EXPECT_GT(peak_resident_bytes(), 1 << 20); }

}  // namespace
}  // namespace linkwright
