#include "base/memory_budget.h"

#include <gmock/gmock.h>
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

TEST(MemoryBudget, RefusesWhatDoesNotFitAndSaysHowMuchIsNeeded) {
  MemoryBudget budget(1000);
  ASSERT_TRUE(budget.take(600, "records").ok());
  const Status refused = budget.take(500, "keys");
  EXPECT_TRUE(refused.IsOutOfMemory());
  EXPECT_THAT(refused.message(), testing::HasSubstr("1.1 KiB"));
  EXPECT_EQ(budget.used_bytes(), 600);
  budget.give_back(600);
  EXPECT_TRUE(budget.take(1000, "keys").ok());
  EXPECT_EQ(budget.peak_bytes(), 1000);
}

TEST(MemoryBudget, WithoutALimitTakesAnything) {
  MemoryBudget budget;
  EXPECT_TRUE(budget.take(int64_t{1} << 60, "all").ok());
}

TEST(ResidentBytes, AreMeasured) {
  EXPECT_GT(resident_bytes(), 1 << 20);
  EXPECT_GE(peak_resident_bytes(), resident_bytes() / 2);
}

}  // namespace
}  // namespace linkwright
