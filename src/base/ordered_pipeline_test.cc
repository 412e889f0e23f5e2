#include "base/ordered_pipeline.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <new>
#include <thread>
#include <vector>

namespace linkwright {
namespace {

class OrderedPipeline : public testing::TestWithParam<int> {
 protected:
  /// Runs 200 numbered blocks, the work of which takes longer for some; `fail_at` fails in the work.
  Status run(int fail_at = -1, int fail_write_at = -1) {
    ThreadPool pool(GetParam());
    int next = 0;
    return run_ordered_pipeline<int, int>(
        pool,
        [&](int* block) -> Result<bool> {
          const int alive = ++in_flight_;
          most_in_flight_ = std::max(most_in_flight_.load(), alive);
          if (next == 200) return false;
          *block = next++;
          return true;
        },
        [&](int block, int, int* out) -> Status {
          if (block % 7 == 0) std::this_thread::sleep_for(std::chrono::microseconds(300));
          if (fail_at >= 0 && block >= fail_at) return Status::Invalid("block ", block);
          *out = block;
          return Status::OK();
        },
        [&](int block) -> Status {
          if (block == fail_write_at) return Status::IOError("disk full");
          --in_flight_;
          written_.push_back(block);
          return Status::OK();
        });
  }

  std::vector<int> written_;
  std::atomic<int> in_flight_{0};
  std::atomic<int> most_in_flight_{0};
};

TEST_P(OrderedPipeline, WritesInTheOrderOfReading) {
  ASSERT_TRUE(run().ok());
  ASSERT_EQ(written_.size(), 200U);
  for (int i = 0; i < 200; ++i) EXPECT_EQ(written_[static_cast<size_t>(i)], i);
}

TEST_P(OrderedPipeline, HoldsTwoBlocksAThread) {
  ASSERT_TRUE(run().ok());
  EXPECT_LE(most_in_flight_.load(), 2 * GetParam() + 1);
}

TEST_P(OrderedPipeline, ReturnsTheFirstErrorAndWritesNothingBehindIt) {
  const Status status = run(50);
  EXPECT_EQ(status.message(), "block 50");
  EXPECT_EQ(written_.size(), 50U);
}

TEST_P(OrderedPipeline, StopsWhenWritingFails) {
  EXPECT_TRUE(run(-1, 20).IsIOError());
  EXPECT_EQ(written_.size(), 20U);
}

TEST_P(OrderedPipeline, EndsWhenAThreadRunsOutOfMemory) {
  ThreadPool pool(GetParam());
  int next = 0;
  const Status status = run_ordered_pipeline<int, int>(
      pool,
      [&](int* block) -> Result<bool> {
        *block = next++;
        return true;
      },
      [](int block, int, int*) -> Status { return block == 20 ? throw std::bad_alloc() : Status::OK(); },
      [](int) { return Status::OK(); });
  EXPECT_TRUE(status.IsOutOfMemory()) << status.ToString();
}

TEST_P(OrderedPipeline, StopsReadingWhenItIsCancelled) {
  ThreadPool pool(GetParam());
  Cancellation cancellation;
  int next = 0;
  const Status status = run_ordered_pipeline<int, int>(
      pool,
      [&](int* block) -> Result<bool> {
        *block = next++;
        if (next == 30) cancellation.request();
        return true;
      },
      [](int, int, int*) { return Status::OK(); }, [](int) { return Status::OK(); }, &cancellation);
  EXPECT_TRUE(status.IsCancelled()) << status.ToString();
  EXPECT_EQ(next, 30);
}

INSTANTIATE_TEST_SUITE_P(Threads, OrderedPipeline, testing::Values(1, 2, 5));

}  // namespace
}  // namespace linkwright
