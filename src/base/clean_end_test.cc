#include "base/clean_end.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>

#include "base/sanitized.h"
#include "base/unfinished_files.h"

namespace linkwright {
namespace {

class CleanEnd : public testing::Test {
 protected:
  CleanEnd() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

// Allocations that fail: sanitizers have an operator new of their own, which ends the program itself.
class FailedAllocation : public CleanEnd {
 protected:
  void SetUp() override {
#ifdef LW_SANITIZED
    GTEST_SKIP() << "a sanitizer's operator new does not fail";
#endif
  }
};

// volatile: the compiler would leave out an allocation that nobody uses.
void run_out_of_memory() {
  volatile size_t too_much = std::numeric_limits<size_t>::max() / 4;
  ::operator delete(::operator new(too_much));
}

TEST_F(CleanEnd, HasAMessageAndNoHalfFilesWhenAThreadThrows) {
  const std::string path = testing::TempDir() + "/clean_end_test_uncaught";
  EXPECT_EXIT(
      {
        end_cleanly_without_recovery();
        std::ofstream(path) << "half";
        const UnfinishedFile file(path);
        std::thread([] { throw std::bad_alloc(); }).join();
      },
      testing::ExitedWithCode(1), "linkwright: memory ran out");
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(CleanEnd, TellsWhatWasThrown) {
  EXPECT_EXIT(
      {
        end_cleanly_without_recovery();
        std::thread([] { throw std::runtime_error("the moon is full"); }).join();
      },
      testing::ExitedWithCode(1), "the moon is full");
}

TEST_F(FailedAllocation, IsLeftToWhoCatchesIt) {
  end_cleanly_without_recovery();
  EXPECT_THROW(run_out_of_memory(), std::bad_alloc);
}

TEST_F(FailedAllocation, EndsTheProgramWhereNothingMayBeUnwound) {
  EXPECT_EXIT(
      {
        end_cleanly_without_recovery();
        const NoUnwinding scope;
        try {
          run_out_of_memory();
        } catch (const std::bad_alloc&) {
        }
      },
      testing::ExitedWithCode(1), "linkwright: memory ran out");
}

}  // namespace
}  // namespace linkwright
