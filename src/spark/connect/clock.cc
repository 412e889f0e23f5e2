#include "spark/connect/clock.h"

#include <algorithm>
#include <thread>

namespace linkwright::spark {

std::chrono::steady_clock::time_point SystemClock::now() const { return std::chrono::steady_clock::now(); }

Status SystemClock::sleep(Milliseconds duration, const Cancellation* cancellation) {
  constexpr Milliseconds kSlice{50};  // a request to cancel comes from a signal handler, which cannot wake anybody
  const auto end = now() + duration;
  for (;;) {
    if (cancellation != nullptr) ARROW_RETURN_NOT_OK(cancellation->check());
    const auto left = std::chrono::duration_cast<Milliseconds>(end - now());
    if (left <= Milliseconds::zero()) return Status::OK();
    std::this_thread::sleep_for(std::min(left, kSlice));
  }
}

}  // namespace linkwright::spark
