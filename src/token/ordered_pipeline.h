#pragma once

#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <utility>

#include "base/cancellation.h"
#include "base/status.h"
#include "base/thread_pool.h"

namespace linkwright {

/// Runs read -> work -> write over a stream: blocks are read one after the other, worked on by every thread of the pool
/// at once, and written one after the other in the order they were read. At most two blocks a thread are in memory.
///
///     Result<bool> read(Input*)            false at the end of the stream; called by one thread at a time
///     Status work(Input&, int worker, Output*)   called by many threads, each with a `worker` of its own
///     Status write(Output&)                called by one thread at a time, in order
///
/// The first error, in the order of the stream, ends everything and is returned; nothing behind it is written.
template <class Input, class Output, class Read, class Work, class Write>
Status run_ordered_pipeline(ThreadPool& pool, Read read, Work work, Write write,
                            const Cancellation* cancellation = nullptr) {
  const auto threads = static_cast<size_t>(pool.threads());
  const size_t window = 2 * threads;
  std::mutex mutex;  // guards everything below, and the calls of read
  std::condition_variable changed;
  size_t next_read = 0;
  size_t next_write = 0;
  bool ended = false;
  bool writing = false;
  Status failure;
  size_t failed_at = 0;
  std::map<size_t, Output> waiting;

  auto fail = [&](size_t at, Status status) {
    if (failure.ok() || at < failed_at) {
      failure = std::move(status);
      failed_at = at;
    }
    ended = true;
    changed.notify_all();
  };

  auto write_ready = [&](std::unique_lock<std::mutex>& lock) {
    if (writing) return;
    writing = true;
    for (auto it = waiting.find(next_write); it != waiting.end() && failure.ok(); it = waiting.find(next_write)) {
      Output output = std::move(it->second);
      waiting.erase(it);
      lock.unlock();
      Status status = write(output);
      lock.lock();
      if (!status.ok()) fail(next_write, std::move(status));
      ++next_write;
      changed.notify_all();
    }
    writing = false;
  };

  auto run_worker = [&](size_t /*chunk*/, int worker) -> Status {
    std::unique_lock<std::mutex> lock(mutex);
    while (true) {
      changed.wait(lock, [&] { return ended || next_read < next_write + window; });
      if (ended) return Status::OK();
      const size_t at = next_read++;
      Input input;
      Status status = cancellation != nullptr ? cancellation->check() : Status::OK();
      if (status.ok()) {
        Result<bool> more = read(&input);
        status = more.status();
        if (more.ok() && !*more) {
          --next_read;
          ended = true;
          changed.notify_all();
          return Status::OK();
        }
      }
      Output output;
      if (status.ok()) {
        lock.unlock();
        status = work(input, worker, &output);
        lock.lock();
      }
      if (!status.ok()) {
        fail(at, std::move(status));
        continue;
      }
      waiting.emplace(at, std::move(output));
      write_ready(lock);
    }
  };
  // One loop a thread; a thread that gets a second one finds the stream at its end.
  ARROW_RETURN_NOT_OK(pool.for_each_chunk(threads, run_worker));
  if (failure.ok()) {
    std::unique_lock<std::mutex> lock(mutex);
    write_ready(lock);
  }
  return failure;
}

}  // namespace linkwright
