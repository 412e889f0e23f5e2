#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <limits>
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
/// theirs. One that is more than `most_waiting` chunks ahead waits, and so does one that would bring the results that
/// wait above `most_bytes`, so that a slow consumer bounds the memory. A chunk too large to be held is brought in
/// pieces, of which those that are not due count as well.
///
/// The first error, in the order of the chunks, ends everything: whether a chunk brought it or the consumer met it, all
/// before it were handed on and nothing behind it is.
template <typename T>
class OrderedOutput {
 public:
  using Consumer = std::function<Status(T)>;

  OrderedOutput(size_t most_waiting, Consumer consume, size_t most_bytes = std::numeric_limits<size_t>::max())
      : most_waiting_(most_waiting), most_bytes_(most_bytes), consume_(std::move(consume)) {}

  /// Takes what became of a chunk, each number once, and how much memory it holds. Thread-safe. Returns the error that
  /// ended everything, to the thread that met it and to all later ones.
  Status put(size_t chunk, Result<T> result, size_t bytes = 0) {
    std::unique_lock<std::mutex> lock(mutex_);
    space_.wait(lock, [&] {
      const bool fits = chunk <= next_ + most_waiting_ && has_room_for(chunk, bytes);
      return chunk == next_ || fits || !failure_.ok();
    });
    if (!failure_.ok()) return failure_;
    release_room_of(chunk);
    // What is due does not count: it leaves at once, or behind the chunk in the consumer's hands.
    if (chunk == next_) bytes = 0;
    waiting_bytes_ += bytes;
    waiting_.emplace(chunk, Waiting{std::move(result), bytes});
    if (handing_on_) return Status::OK();
    handing_on_ = true;
    while (!waiting_.empty() && waiting_.begin()->first == next_ && failure_.ok()) {
      Result<T> due = std::move(waiting_.begin()->second.result);
      waiting_bytes_ -= waiting_.begin()->second.bytes;
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

  /// Offers the first part of what becomes of a chunk that is not whole yet, which holds `bytes`. Takes it when the
  /// chunk is due, and leaves it where it is, to grow, while it is not and its bytes may wait; waits until one of the
  /// two holds. May be called again, and is followed by `put` of the rest. Thread-safe. Chunks must be begun in order
  /// of their numbers, as ThreadPool does it, or what is due might never come.
  Status offer_piece(size_t chunk, T* piece, size_t bytes) {
    std::unique_lock<std::mutex> lock(mutex_);
    const auto is_due = [&] { return chunk == next_ && !handing_on_; };
    space_.wait(lock, [&] { return is_due() || has_room_for(chunk, bytes) || !failure_.ok(); });
    if (!failure_.ok()) return failure_;
    if (!is_due()) {
      waiting_bytes_ += bytes - std::exchange(held_[chunk], bytes);
      return Status::OK();
    }
    release_room_of(chunk);
    handing_on_ = true;
    lock.unlock();
    Status status = consume_(std::exchange(*piece, T()));
    lock.lock();
    handing_on_ = false;
    if (!status.ok()) failure_ = std::move(status);
    space_.notify_all();
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
  struct Waiting {
    Result<T> result;
    size_t bytes;
  };

  bool has_room_for(size_t chunk, size_t bytes) const {
    const auto held = held_.find(chunk);
    return bytes <= most_bytes_ - waiting_bytes_ + (held == held_.end() ? 0 : held->second);
  }

  // What was left with its thread leaves it.
  void release_room_of(size_t chunk) {
    const auto held = held_.find(chunk);
    if (held == held_.end()) return;
    waiting_bytes_ -= held->second;
    held_.erase(held);
  }

  std::mutex mutex_;
  std::condition_variable space_;
  size_t most_waiting_;
  size_t most_bytes_;
  Consumer consume_;
  size_t next_ = 0;
  bool handing_on_ = false;
  std::map<size_t, Waiting> waiting_;
  std::map<size_t, size_t> held_;  // bytes of pieces that were left with their threads, by chunk
  size_t waiting_bytes_ = 0;       // these among them
  Status failure_;
};

}  // namespace linkwright
