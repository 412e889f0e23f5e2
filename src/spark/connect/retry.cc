#include "spark/connect/retry.h"

#include <algorithm>

namespace linkwright::spark {

Milliseconds Retry::elapsed() const {
  if (!first_failure_) return Milliseconds::zero();
  return std::chrono::duration_cast<Milliseconds>(clock_.now() - *first_failure_);
}

std::optional<Milliseconds> Retry::next_wait(const RpcFailure& failure, bool reached) {
  if (!first_failure_) first_failure_ = clock_.now();
  if (!failure.is_transient() || retries_ >= policy_.max_retries) return std::nullopt;

  Milliseconds wait = next_backoff_;
  if (failure.retry_delay) wait = std::max(wait, std::min(*failure.retry_delay, policy_.max_server_delay));
  if (wait >= policy_.min_jitter_threshold) {
    wait += Milliseconds(std::uniform_int_distribution<int64_t>(0, policy_.jitter.count())(random_));
  }
  const bool is_address_doubtful = !reached && failure.is_connect_failure();
  if (elapsed() + wait > (is_address_doubtful ? policy_.max_unreachable : policy_.max_total)) return std::nullopt;

  ++retries_;
  const auto grown = static_cast<int64_t>(static_cast<double>(next_backoff_.count()) * policy_.backoff_multiplier);
  next_backoff_ = std::min(Milliseconds(grown), policy_.max_backoff);
  return wait;
}

}  // namespace linkwright::spark
