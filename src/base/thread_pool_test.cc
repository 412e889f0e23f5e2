#include "base/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

namespace linkwright {
namespace {

class ThreadPoolOfAnySize : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Sizes, ThreadPoolOfAnySize, testing::Values(1, 2, 7));

TEST_P(ThreadPoolOfAnySize, RunsEveryChunkOnce) {
  ThreadPool pool(GetParam());
  std::vector<std::atomic<int>> runs(1000);
  ASSERT_TRUE(pool.for_each_chunk(runs.size(),
                                  [&](size_t chunk, int worker) {
                                    EXPECT_LT(worker, GetParam());
                                    ++runs[chunk];
                                    return Status::OK();
                                  })
                  .ok());
  for (const auto& count : runs) EXPECT_EQ(count, 1);
}

TEST_P(ThreadPoolOfAnySize, ReturnsTheErrorOfTheLowestFailedChunk) {
  ThreadPool pool(GetParam());
  for (int round = 0; round < 50; ++round) {
    const Status status = pool.for_each_chunk(
        100, [](size_t chunk, int) { return chunk % 10 == 3 ? Status::Invalid("chunk ", chunk) : Status::OK(); });
    EXPECT_EQ(status.message(), "chunk 3");
  }
}

TEST_P(ThreadPoolOfAnySize, StopsStartingChunksOnceCancelled) {
  ThreadPool pool(GetParam());
  Cancellation cancellation;
  std::atomic<int> started{0};
  const Status status = pool.for_each_chunk(
      1000,
      [&](size_t, int) {
        if (++started == 5) cancellation.request();
        return Status::OK();
      },
      &cancellation);
  EXPECT_TRUE(status.IsCancelled());
  EXPECT_LT(started, 5 + GetParam());
}

TEST_P(ThreadPoolOfAnySize, CanBeUsedAgainAfterAFailure) {
  ThreadPool pool(GetParam());
  EXPECT_FALSE(pool.for_each_chunk(3, [](size_t, int) { return Status::IOError("disk"); }).ok());
  EXPECT_TRUE(pool.for_each_chunk(3, [](size_t, int) { return Status::OK(); }).ok());
}

}  // namespace
}  // namespace linkwright
