#pragma once

#include <cstdint>
#include <optional>
#include <random>

#include "spark/connect/clock.h"
#include "spark/connect/rpc_failure.h"

namespace linkwright::spark {

/// How often and how long a failed call is tried again. The defaults are PySpark's, which tolerate ten minutes, with a
/// bound on the whole that PySpark lacks.
///
/// Source: pyspark/sql/connect/client/retries.py (DefaultPolicy), Spark 4.2.1.
struct RetryPolicy {
  int max_retries = 15;
  Milliseconds initial_backoff{50};
  Milliseconds max_backoff{60'000};
  double backoff_multiplier = 4;
  Milliseconds jitter{500};                  // a random part from 0 to this, added ...
  Milliseconds min_jitter_threshold{2'000};  // ... to waits of at least this
  Milliseconds max_server_delay{600'000};    // what RetryInfo may ask for at most
  Milliseconds max_total{1'200'000};         // from the first failure on
  Milliseconds max_unreachable{15'000};      // the same while no connection came about at all: a wrong address
};

/// The retries of one call: says how long to wait before the next attempt. Not thread-safe.
class Retry {
 public:
  Retry(const RetryPolicy& policy, Clock& clock, uint64_t jitter_seed)
      : policy_(policy), clock_(clock), random_(jitter_seed), next_backoff_(policy.initial_backoff) {}

  /// The wait before the next attempt, or nothing when this failure is final or patience is over. A wait that would end
  /// after the time is up is not begun. `reached` says whether this server ever answered.
  std::optional<Milliseconds> next_wait(const RpcFailure& failure, bool reached);

  int retries() const { return retries_; }
  /// Since the first failure.
  Milliseconds elapsed() const;

 private:
  const RetryPolicy& policy_;
  Clock& clock_;
  std::mt19937_64 random_;
  Milliseconds next_backoff_;
  int retries_ = 0;
  std::optional<std::chrono::steady_clock::time_point> first_failure_;
};

}  // namespace linkwright::spark
