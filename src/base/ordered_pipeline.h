#pragma once

#include <cstddef>
#include <mutex>
#include <utility>

#include "base/cancellation.h"
#include "base/ordered_output.h"
#include "base/status.h"
#include "base/thread_pool.h"

namespace linkwright {

/// Runs read -> work -> write over a stream: blocks are read one after the other, worked on by every thread of the pool
/// at once, and written one after the other in the order they were read. At most two blocks a thread are in memory.
///
///     Result<bool> read(Input*)            false at the end of the stream; called by one thread at a time
///     Status work(Input&, int worker, Output*)   called by many threads, each with a `worker` of its own
///     Status write(Output)                 called by one thread at a time, in order
///
/// The first error, in the order of the stream, ends everything and is returned; nothing behind it is written.
template <class Input, class Output, class Read, class Work, class Write>
Status run_ordered_pipeline(ThreadPool& pool, Read read, Work work, Write write,
                            const Cancellation* cancellation = nullptr) {
  const auto threads = static_cast<size_t>(pool.threads());
  OrderedOutput<Output> output(threads - 1, std::move(write));  // beside the blocks in the threads' hands
  std::mutex reading;                                           // guards the two below, and the calls of read
  size_t next_block = 0;
  bool ended = false;

  const auto read_next = [&](Input* input, size_t* number) -> Result<bool> {
    const std::lock_guard<std::mutex> lock(reading);
    if (ended) return false;
    *number = next_block++;
    Result<bool> more = cancellation != nullptr && cancellation->requested() ? cancellation->check() : read(input);
    ended = !more.ok() || !*more;
    return more;
  };
  const auto work_on = [&](Input& input, int worker) -> Result<Output> {
    Output made;
    ARROW_RETURN_NOT_OK(work(input, worker, &made));
    return made;
  };
  const auto run_loop = [&](int worker) -> Status {
    for (;;) {
      Input input;
      size_t number = 0;
      Result<bool> more = read_next(&input, &number);
      if (!more.ok()) return output.put(number, more.status());
      if (!*more) return Status::OK();
      ARROW_RETURN_NOT_OK(output.put(number, work_on(input, worker)));
    }
  };
  // One loop a thread; a thread that gets a second one finds the stream at its end.
  return pool.for_each_chunk(threads, [&](size_t /*loop*/, int worker) -> Status {
    return output.let_go_on_failure([&] { return run_loop(worker); });
  });
}

}  // namespace linkwright
