#pragma once

#include <atomic>

#include "base/status.h"

namespace linkwright {

/// A request to stop, shared by the one who asks (a signal handler, a server) and the work that must end.
/// Thread-safe and async-signal-safe: `request` only stores to a lock-free atomic.
class Cancellation {
 public:
  void request() noexcept { requested_.store(true, std::memory_order_relaxed); }
  bool requested() const noexcept { return requested_.load(std::memory_order_relaxed); }

  /// OK, or Cancelled once `request` was called. Work asks at least every 100 ms.
  Status check() const { return requested() ? Status::Cancelled("cancelled by request") : Status::OK(); }

 private:
  std::atomic<bool> requested_{false};
};

}  // namespace linkwright
