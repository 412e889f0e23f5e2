#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "base/cancellation.h"
#include "base/status.h"

namespace arrow {
class RecordBatch;
}  // namespace arrow

namespace linkwright {

/// Record batches that a thread makes, a few ahead of who reads them. `next` is called by one thread at a time.
class BackgroundBatches {
 public:
  /// Hands on a batch; waits while enough are waiting. Cancelled once nobody reads any more.
  using Put = std::function<Status(std::shared_ptr<arrow::RecordBatch>)>;
  using Work = std::function<Status(const Put& put, const Cancellation& cancellation)>;

  /// Starts `work`. Throws std::system_error where there is no thread to be had.
  explicit BackgroundBatches(Work work);
  /// Ends the work, wherever it is, and waits for its thread.
  ~BackgroundBatches();
  BackgroundBatches(const BackgroundBatches&) = delete;
  BackgroundBatches& operator=(const BackgroundBatches&) = delete;

  /// The next batch, or null behind the last; the error of the work where it failed.
  Status next(std::shared_ptr<arrow::RecordBatch>* batch);

 private:
  static constexpr size_t kMostWaiting = 4;

  Status put(std::shared_ptr<arrow::RecordBatch> batch);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<arrow::RecordBatch>> waiting_;
  bool finished_ = false;
  Status outcome_;
  Cancellation cancellation_;
  std::thread thread_;
};

}  // namespace linkwright
