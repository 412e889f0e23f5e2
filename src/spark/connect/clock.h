#pragma once

#include <chrono>

#include "base/cancellation.h"
#include "base/status.h"

namespace linkwright::spark {

using Milliseconds = std::chrono::milliseconds;

/// The time that retries are measured and waited by; tests bring one that never waits. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::chrono::steady_clock::time_point now() const = 0;
  /// Waits; Cancelled as soon as `cancellation`, which may be null, is requested.
  virtual Status sleep(Milliseconds duration, const Cancellation* cancellation) = 0;
};

class SystemClock final : public Clock {
 public:
  std::chrono::steady_clock::time_point now() const override;
  Status sleep(Milliseconds duration, const Cancellation* cancellation) override;
};

}  // namespace linkwright::spark
