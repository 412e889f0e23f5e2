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

// Whether every piece has to wait for its chunk, some may be left with their threads, or all.
TEST(OrderedOutput, KeepsThePiecesOfAChunkTogetherAndInOrder) {
  constexpr int kChunks = 300;
  Numbers expected(3 * kChunks);
  std::iota(expected.begin(), expected.end(), 0);
  for (const size_t most_bytes : {0U, 3U, 1000000U}) {
    Numbers seen;
    OrderedOutput<Numbers> output(
        4,
        [&](Numbers part) {
          seen.insert(seen.end(), part.begin(), part.end());
          return Status::OK();
        },
        most_bytes);
    ThreadPool pool(7);
    ASSERT_TRUE(pool.for_each_chunk(kChunks,
                                    [&](size_t chunk, int) -> Status {
                                      Numbers numbers;
                                      for (int part = 0; part < 3; ++part) {
                                        numbers.push_back(static_cast<int>(chunk) * 3 + part);
                                        if (part == 2 || (chunk + part) % 3 == 0) continue;
                                        ARROW_RETURN_NOT_OK(output.offer_piece(chunk, &numbers, numbers.size()));
                                      }
                                      const size_t bytes = numbers.size();
                                      return output.put(chunk, std::move(numbers), bytes);
                                    })
                    .ok());
    EXPECT_EQ(seen, expected) << most_bytes;
  }
}

TEST(OrderedOutput, LeavesPiecesThatAreNotDueWhileTheirBytesMayWait) {
  Numbers seen;
  OrderedOutput<Numbers> output(
      4,
      [&](Numbers part) {
        seen.insert(seen.end(), part.begin(), part.end());
        return Status::OK();
      },
      10);
  Numbers early = {1, 2};
  ASSERT_TRUE(output.offer_piece(1, &early, 9).ok());
  EXPECT_EQ(early, (Numbers{1, 2}));
  Numbers due = {0};
  ASSERT_TRUE(output.offer_piece(0, &due, 9).ok());
  EXPECT_EQ(due, Numbers{});
  EXPECT_EQ(seen, Numbers{0});
  ASSERT_TRUE(output.put(0, Numbers{}, 0).ok());
  ASSERT_TRUE(output.offer_piece(1, &early, 9).ok());
  EXPECT_EQ(seen, (Numbers{0, 1, 2}));
  ASSERT_TRUE(output.put(1, Numbers{3}, 1).ok());
  ASSERT_TRUE(output.put(3, Numbers{5}, 10).ok());  // there is room for all of it again
  ASSERT_TRUE(output.put(2, Numbers{4}, 1).ok());
  EXPECT_EQ(seen, (Numbers{0, 1, 2, 3, 4, 5}));
}

TEST(OrderedOutput, EndsForAllWhenAPieceFails) {
  std::atomic<int> handed_on{0};
  OrderedOutput<int> output(
      4,
      [&](int number) -> Status {
        ++handed_on;
        return number == 40 ? Status::IOError("disk full") : Status::OK();
      },
      0);
  ThreadPool pool(4);
  const Status status = pool.for_each_chunk(200, [&](size_t chunk, int) -> Status {
    return output.let_go_on_failure([&]() -> Status {
      int piece = static_cast<int>(chunk);
      ARROW_RETURN_NOT_OK(output.offer_piece(chunk, &piece, 1));
      return output.put(chunk, 1000);
    });
  });
  EXPECT_EQ(status.message(), "disk full");
  EXPECT_EQ(handed_on.load(), 81);  // the pieces and the rests of 0 to 39, and the piece that failed
}

}  // namespace
}  // namespace linkwright
