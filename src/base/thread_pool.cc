#include "base/thread_pool.h"

#include <algorithm>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <new>
#include <thread>
#include <vector>

namespace linkwright {

struct ThreadPool::State {
  std::mutex mutex;
  std::condition_variable work_ready;
  std::condition_variable work_done;
  std::vector<std::thread> helpers;
  bool stopping = false;

  // The job under way. `generation` tells a sleeping helper that there is a new one.
  uint64_t generation = 0;
  size_t chunks = 0;
  size_t next_chunk = 0;
  int busy = 0;
  const std::function<Status(size_t, int)>* work = nullptr;
  const Cancellation* cancellation = nullptr;
  size_t failed_chunk = std::numeric_limits<size_t>::max();
  Status failure;

  // An exception must not leave a thread: it would end the program without unwinding, and so without cleaning up.
  Status guarded(size_t chunk, int worker) const {
    try {
      return (*work)(chunk, worker);
    } catch (const std::bad_alloc&) {
      return memory_ran_out();
    }
  }

  void run_chunks(int worker, std::unique_lock<std::mutex>& lock) {
    while (next_chunk < chunks && failure.ok()) {
      const size_t chunk = next_chunk++;
      lock.unlock();
      Status status = cancellation != nullptr ? cancellation->check() : Status::OK();
      if (status.ok()) status = guarded(chunk, worker);
      lock.lock();
      if (!status.ok() && chunk < failed_chunk) {
        failed_chunk = chunk;
        failure = std::move(status);
      }
    }
  }

  void help(int worker) {
    std::unique_lock<std::mutex> lock(mutex);
    uint64_t seen = 0;
    for (;;) {
      work_ready.wait(lock, [&] { return stopping || generation != seen; });
      if (stopping) return;
      seen = generation;
      if (work == nullptr) continue;
      ++busy;
      run_chunks(worker, lock);
      if (--busy == 0) work_done.notify_all();
    }
  }
};

ThreadPool::ThreadPool(int threads)
    : threads_(threads > 0 ? threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency()))),
      state_(std::make_unique<State>()) {
  for (int worker = 1; worker < threads_; ++worker) {
    state_->helpers.emplace_back([state = state_.get(), worker] { state->help(worker); });
  }
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard<std::mutex> lock(state_->mutex);
    state_->stopping = true;
  }
  state_->work_ready.notify_all();
  for (std::thread& helper : state_->helpers) helper.join();
}

Status ThreadPool::for_each_chunk(size_t chunks, const std::function<Status(size_t, int)>& work,
                                  const Cancellation* cancellation) {
  if (chunks == 0) return Status::OK();
  std::unique_lock<std::mutex> lock(state_->mutex);
  state_->chunks = chunks;
  state_->next_chunk = 0;
  state_->work = &work;
  state_->cancellation = cancellation;
  state_->failed_chunk = std::numeric_limits<size_t>::max();
  state_->failure = Status::OK();
  ++state_->generation;
  if (chunks > 1) state_->work_ready.notify_all();
  state_->run_chunks(0, lock);
  state_->work_done.wait(lock, [&] { return state_->busy == 0; });
  state_->work = nullptr;
  return std::move(state_->failure);
}

}  // namespace linkwright
