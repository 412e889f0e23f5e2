#include "kernel/background_batches.h"

#include <arrow/record_batch.h>

#include <utility>

#include "kernel/contained.h"

namespace linkwright {

BackgroundBatches::BackgroundBatches(Work work)
    : thread_([this, work = std::move(work)]() mutable {
        Status outcome = contained([&] {
          return work([this](std::shared_ptr<arrow::RecordBatch> batch) { return put(std::move(batch)); },
                      cancellation_);
        });
        work = nullptr;  // what it holds goes before the last batch is waited for
        const std::lock_guard<std::mutex> lock(mutex_);
        outcome_ = std::move(outcome);
        finished_ = true;
        changed_.notify_all();
      }) {}

BackgroundBatches::~BackgroundBatches() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    cancellation_.request();
    changed_.notify_all();
  }
  thread_.join();
}

Status BackgroundBatches::put(std::shared_ptr<arrow::RecordBatch> batch) {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [&] { return waiting_.size() < kMostWaiting || cancellation_.requested(); });
  ARROW_RETURN_NOT_OK(cancellation_.check());
  waiting_.push_back(std::move(batch));
  changed_.notify_all();
  return Status::OK();
}

Status BackgroundBatches::next(std::shared_ptr<arrow::RecordBatch>* batch) {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [&] { return !waiting_.empty() || finished_; });
  batch->reset();
  if (waiting_.empty()) return outcome_;
  *batch = std::move(waiting_.front());
  waiting_.pop_front();
  changed_.notify_all();
  return Status::OK();
}

}  // namespace linkwright
