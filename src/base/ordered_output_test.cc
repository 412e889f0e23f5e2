#include "base/ordered_output.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <numeric>
#include <vector>

#include "base/thread_pool.h"

namespace linkwright {
namespace {

using Numbers = std::vector<int>;

TEST(OrderedOutput, HandsOnChunksInOrderWhateverOrderTheyComeIn) {
  Numbers seen;
  OrderedOutput<int> output(8, [&](int number) {
    seen.push_back(number);
    return Status::OK();
  });
  for (const size_t chunk : {2U, 1U, 3U, 0U}) ASSERT_TRUE(output.put(chunk, static_cast<int>(chunk)).ok());
  EXPECT_EQ(seen, (Numbers{0, 1, 2, 3}));
}

// Every chunk holds ten bytes, so that besides the chunk that is due only two may wait, and one a thread is in its
// hand.
TEST(OrderedOutput, HoldsNoMoreBytesThanItMay) {
  constexpr size_t kChunkBytes = 10;
  constexpr int kThreads = 7;
  std::atomic<int> alive{0};
  std::atomic<int> most{0};
  OrderedOutput<int> output(
      1000,
      [&](int) {
        --alive;
        return Status::OK();
      },
      2 * kChunkBytes);
  ThreadPool pool(kThreads);
  ASSERT_TRUE(pool.for_each_chunk(2000,
                                  [&](size_t chunk, int) {
                                    const int now = ++alive;
                                    int before = most.load();
                                    while (before < now && !most.compare_exchange_weak(before, now)) {
                                    }
                                    return output.put(chunk, 0, kChunkBytes);
                                  })
                  .ok());
  EXPECT_EQ(alive.load(), 0);
  EXPECT_LE(most.load(), 2 + kThreads + 1);
}

TEST(OrderedOutput, TakesAChunkLargerThanAllItMayHold) {
  int seen = 0;
  OrderedOutput<int> output(
      1, [&](int) { return ++seen, Status::OK(); }, 10);
  for (size_t chunk = 0; chunk < 3; ++chunk) ASSERT_TRUE(output.put(chunk, 0, 1000).ok());
  EXPECT_EQ(seen, 3);
}

TEST(OrderedOutput, KeepsThePiecesOfAChunkTogetherAndInOrder) {
  Numbers seen;
  OrderedOutput<Numbers> output(4, [&](Numbers part) {
    seen.insert(seen.end(), part.begin(), part.end());
    return Status::OK();
  });
  constexpr int kChunks = 300;
  ThreadPool pool(7);
  ASSERT_TRUE(pool.for_each_chunk(kChunks,
                                  [&](size_t chunk, int) -> Status {
                                    const int first = static_cast<int>(chunk) * 3;
                                    if (chunk % 2 == 0) ARROW_RETURN_NOT_OK(output.put_piece(chunk, {first}));
                                    if (chunk % 4 == 0) ARROW_RETURN_NOT_OK(output.put_piece(chunk, {first + 1}));
                                    return output.put(chunk, Numbers{first + 2});
                                  })
                  .ok());
  Numbers expected;
  for (int chunk = 0; chunk < kChunks; ++chunk) {
    if (chunk % 2 == 0) expected.push_back(chunk * 3);
    if (chunk % 4 == 0) expected.push_back(chunk * 3 + 1);
    expected.push_back(chunk * 3 + 2);
  }
  EXPECT_EQ(seen, expected);
}

TEST(OrderedOutput, EndsForAllWhenAPieceFails) {
  std::atomic<int> handed_on{0};
  OrderedOutput<int> output(4, [&](int number) -> Status {
    ++handed_on;
    return number == 40 ? Status::IOError("disk full") : Status::OK();
  });
  ThreadPool pool(4);
  const Status status = pool.for_each_chunk(200, [&](size_t chunk, int) -> Status {
    return output.let_go_on_failure([&]() -> Status {
      ARROW_RETURN_NOT_OK(output.put_piece(chunk, static_cast<int>(chunk)));
      return output.put(chunk, 1000);
    });
  });
  EXPECT_EQ(status.message(), "disk full");
  EXPECT_EQ(handed_on.load(), 81);  // the pieces and the rests of 0 to 39, and the piece that failed
}

}  // namespace
}  // namespace linkwright
