#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "base/cancellation.h"
#include "base/status.h"

namespace linkwright {

/// The threads of one run, passed to every stage that can use them.
///
/// Work is cut into chunks by its caller, never by the number of threads, so that results which are combined in chunk
/// order are the same for any number of threads. The calling thread works too: a pool of one starts no thread at all.
/// One `for_each_chunk` at a time; it is not re-entrant.
class ThreadPool {
 public:
  /// `threads` <= 0 means one a hardware thread.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const { return threads_; }

  /// Calls `work(chunk, worker)` for every chunk in [0, chunks), chunks handed out in ascending order; `worker` is in
  /// [0, threads()) and is never used by two threads at once. After a failure or a cancellation no further chunk
  /// starts; the error of the lowest failed chunk is returned, whatever the timing.
  Status for_each_chunk(size_t chunks, const std::function<Status(size_t chunk, int worker)>& work,
                        const Cancellation* cancellation = nullptr);

 private:
  struct State;
  int threads_;
  std::unique_ptr<State> state_;
};

}  // namespace linkwright
