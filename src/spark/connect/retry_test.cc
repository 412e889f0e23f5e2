#include "spark/connect/retry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "spark/fake/fake_server.h"

namespace linkwright::spark {
namespace {

using ::testing::ElementsAre;

RpcFailure failure(grpc::StatusCode code, const std::string& message = "") {
  return RpcFailure(grpc::Status(code, message));
}
const RpcFailure kUnavailable = failure(grpc::StatusCode::UNAVAILABLE, "Socket closed");

/// All waits until the retry gives up, in milliseconds; the clock is moved by each.
std::vector<int64_t> waits(const RpcFailure& what, const RetryPolicy& policy, bool reached = true, uint64_t seed = 0) {
  FakeClock clock;
  Retry retry(policy, clock, seed);
  std::vector<int64_t> result;
  while (const auto wait = retry.next_wait(what, reached)) {
    result.push_back(wait->count());
    EXPECT_TRUE(clock.sleep(*wait, nullptr).ok());
  }
  return result;
}

RetryPolicy without_jitter() {
  RetryPolicy policy;
  policy.jitter = Milliseconds(0);
  return policy;
}

// PySpark's DefaultPolicy: 50 ms, four times as long each, one minute at most, 15 times; ten minutes in all.
TEST(Retry, WaitsAsPysparkDoes) {
  EXPECT_THAT(waits(kUnavailable, without_jitter()), ElementsAre(50, 200, 800, 3200, 12800, 51200, 60000, 60000, 60000,
                                                                 60000, 60000, 60000, 60000, 60000, 60000));
}

TEST(Retry, AddsJitterToLongWaitsOnlyAndTheSameForTheSameSeed) {
  const std::vector<int64_t> first = waits(kUnavailable, RetryPolicy(), true, 7);
  const std::vector<int64_t> plain = waits(kUnavailable, without_jitter());
  ASSERT_EQ(first.size(), plain.size());
  int64_t added = 0;
  for (size_t i = 0; i < first.size(); ++i) {
    EXPECT_GE(first[i], plain[i]);
    EXPECT_LE(first[i], plain[i] + (plain[i] >= 2000 ? 500 : 0));
    added += first[i] - plain[i];
  }
  EXPECT_GT(added, 0);
  EXPECT_EQ(waits(kUnavailable, RetryPolicy(), true, 7), first);
  EXPECT_NE(waits(kUnavailable, RetryPolicy(), true, 8), first);
}

TEST(Retry, EndsBeforeTheTotalTimeIsOver) {
  RetryPolicy policy = without_jitter();
  policy.max_total = Milliseconds(5'000);
  EXPECT_THAT(waits(kUnavailable, policy), ElementsAre(50, 200, 800, 3200));
}

TEST(Retry, LosesPatienceSoonWithAnAddressThatNeverAnswered) {
  const RpcFailure refused = failure(grpc::StatusCode::UNAVAILABLE, "failed to connect to all addresses");
  EXPECT_THAT(waits(refused, without_jitter(), false), ElementsAre(50, 200, 800, 3200));
  EXPECT_EQ(waits(refused, without_jitter(), true).size(), 15u) << "a server that restarts comes back";
}

TEST(Retry, TakesTheServersDelayUpToALimit) {
  RpcFailure busy = failure(grpc::StatusCode::RESOURCE_EXHAUSTED);
  busy.retry_delay = Milliseconds(90'000);
  RetryPolicy policy = without_jitter();
  policy.max_retries = 2;
  EXPECT_THAT(waits(busy, policy), ElementsAre(90'000, 90'000));
  policy.max_server_delay = Milliseconds(1'000);
  EXPECT_THAT(waits(busy, policy), ElementsAre(1'000, 1'000));
}

TEST(Retry, DoesNotRepeatWhatWouldFailAgain) {
  for (const grpc::StatusCode code :
       {grpc::StatusCode::INTERNAL, grpc::StatusCode::UNAUTHENTICATED, grpc::StatusCode::PERMISSION_DENIED,
        grpc::StatusCode::INVALID_ARGUMENT, grpc::StatusCode::UNIMPLEMENTED, grpc::StatusCode::DEADLINE_EXCEEDED}) {
    EXPECT_TRUE(waits(failure(code), RetryPolicy()).empty()) << code;
  }
  EXPECT_TRUE(
      waits(failure(grpc::StatusCode::UNAVAILABLE, "Ssl handshake failed: CERTIFICATE_VERIFY_FAILED"), RetryPolicy())
          .empty());
  EXPECT_EQ(waits(failure(grpc::StatusCode::INTERNAL, "[INVALID_CURSOR.DISCONNECTED]"), RetryPolicy()).size(), 15u);
}

}  // namespace
}  // namespace linkwright::spark
