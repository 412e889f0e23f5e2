#include "generate/people_stream.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <gtest/gtest.h>

namespace linkwright {
namespace {

PeopleGenerator people(uint64_t num_rows) { return PeopleGenerator::make({.num_rows = num_rows}).ValueOrDie(); }

TEST(StreamPeople, HandsOnAllRowsInOrderOnAnyNumberOfThreads) {
  constexpr uint64_t kRows = 700'000;  // more than one window of 8 batches
  const PeopleGenerator generator = people(kRows);
  for (const int threads : {1, 3}) {
    ThreadPool pool(threads);
    int64_t rows = 0;
    const auto expect_next = [&](const arrow::RecordBatch& batch) {
      EXPECT_EQ(static_cast<const arrow::Int64Array&>(*batch.column(0)).Value(0), rows);
      rows += batch.num_rows();
      return Status::OK();
    };
    ASSERT_TRUE(stream_people(generator, pool, expect_next).ok());
    EXPECT_EQ(rows, int64_t{kRows});
  }
}

TEST(StreamPeople, HandsOnNothingForNoRows) {
  ThreadPool pool(2);
  const auto fail = [](const arrow::RecordBatch&) { return Status::UnknownError("called"); };
  EXPECT_TRUE(stream_people(people(0), pool, fail).ok());
}

TEST(StreamPeople, EndsWithTheErrorOfItsSink) {
  ThreadPool pool(2);
  const auto fail = [](const arrow::RecordBatch&) { return Status::IOError("disk full"); };
  EXPECT_EQ(stream_people(people(100), pool, fail), Status::IOError("disk full"));
}

TEST(StreamPeople, StopsWhenCancelledBetweenBatches) {
  ThreadPool pool(2);
  Cancellation cancellation;
  int batches = 0;
  const auto cancel = [&](const arrow::RecordBatch&) {
    ++batches;
    cancellation.request();
    return Status::OK();
  };
  EXPECT_TRUE(stream_people(people(300'000), pool, cancel, nullptr, &cancellation).IsCancelled());
  EXPECT_EQ(batches, 1);
}

TEST(StreamPeople, ReportsTheRowsHandedOn) {
  ThreadPool pool(2);
  uint64_t done = 0;
  Progress progress([&](const ProgressUpdate& update) { done = update.done; });
  const auto accept = [](const arrow::RecordBatch&) { return Status::OK(); };
  ASSERT_TRUE(stream_people(people(70'000), pool, accept, &progress).ok());
  EXPECT_EQ(done, 70'000U);
}

}  // namespace
}  // namespace linkwright
