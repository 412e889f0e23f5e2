#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <new>
#include <utility>

#include "base/status.h"

namespace linkwright {

/// Takes the results of numbered chunks as they are finished, by any thread, and hands them on in order of their
/// numbers: what is written does not depend on timing.
///
/// The thread that brings the chunk that is due hands it on, and all that wait behind it; meanwhile others only leave
/// theirs. One that is more than `most_waiting` chunks ahead waits, so that a slow consumer bounds the memory.
///
/// The first error, in the order of the chunks, ends everything: whether a chunk brought it or the consumer met it, all
/// before it were handed on and nothing behind it is.
template <typename T>
class OrderedOutput {
 public:
  using Consumer = std::function<Status(T)>;

  OrderedOutput(size_t most_waiting, Consumer consume) : most_waiting_(most_waiting), consume_(std::move(consume)) {}

  /// Takes what became of a chunk, each number once. Thread-safe. Returns the error that ended everything, to the
  /// thread that met it and to all later ones.
  Status put(size_t chunk, Result<T> result) {
    std::unique_lock<std::mutex> lock(mutex_);
    space_.wait(lock, [&] { return chunk <= next_ + most_waiting_ || !failure_.ok(); });
    if (!failure_.ok()) return failure_;
    waiting_.emplace(chunk, std::move(result));
    if (handing_on_) return Status::OK();
    handing_on_ = true;
    while (!waiting_.empty() && waiting_.begin()->first == next_ && failure_.ok()) {
      Result<T> due = std::move(waiting_.begin()->second);
      waiting_.erase(waiting_.begin());
      lock.unlock();
      Status status = due.ok() ? consume_(std::move(due).MoveValueUnsafe()) : due.status();
      lock.lock();
      ++next_;
      if (!status.ok()) failure_ = std::move(status);
      space_.notify_all();
    }
    handing_on_ = false;
    return failure_;
  }

  /// Calls `work`, which makes a chunk and puts it. When it fails, by a status or by an exception, the chunk will not
  /// come, and threads that wait for it are let go.
  template <typename Work>
  Status let_go_on_failure(const Work& work) {
    Status status;
    try {
      status = work();
    } catch (const std::bad_alloc&) {
      status = memory_ran_out();
    }
    if (!status.ok()) abandon(status);
    return status;
  }

  /// Lets waiting threads go when a chunk that is due will not come: after a failure elsewhere.
  void abandon(const Status& why) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (failure_.ok()) failure_ = why;
    space_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable space_;
  size_t most_waiting_;
  Consumer consume_;
  size_t next_ = 0;
  bool handing_on_ = false;
  std::map<size_t, Result<T>> waiting_;
  Status failure_;
};

}  // namespace linkwright
