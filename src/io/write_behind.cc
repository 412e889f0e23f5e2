#include "io/write_behind.h"

#include <arrow/buffer.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "base/status.h"
#include "io/throwing_memory_pool.h"

namespace linkwright {
namespace {

using BufferPtr = std::shared_ptr<arrow::Buffer>;

class WriteBehindStream : public arrow::io::OutputStream {
 public:
  explicit WriteBehindStream(std::shared_ptr<arrow::io::OutputStream> file)
      : file_(std::move(file)), writer_([this] { hand_on(); }) {}

  ~WriteBehindStream() override { stop(/*drop=*/true); }
  WriteBehindStream(const WriteBehindStream&) = delete;
  WriteBehindStream& operator=(const WriteBehindStream&) = delete;

  Status Write(const void* data, int64_t bytes) override {
    const arrow::Buffer lent(static_cast<const uint8_t*>(data), bytes);
    ARROW_ASSIGN_OR_RAISE(const BufferPtr copy, lent.CopySlice(0, bytes, throwing_memory_pool()));
    return Write(copy);
  }

  Status Write(const BufferPtr& buffer) override {
    if (buffer->size() == 0) return Status::OK();
    std::unique_lock<std::mutex> lock(mutex_);
    if (stopping_) return Status::Invalid("the stream is closed");
    changed_.wait(lock, [&] {
      return waiting_bytes_ == 0 || waiting_bytes_ + buffer->size() <= kMostWriteBehindBytes || !failure_.ok();
    });
    ARROW_RETURN_NOT_OK(failure_);
    waiting_.push_back(buffer);
    waiting_bytes_ += buffer->size();
    position_ += buffer->size();
    changed_.notify_all();
    return Status::OK();
  }

  Status Flush() override {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return waiting_bytes_ == 0 || !failure_.ok(); });
    ARROW_RETURN_NOT_OK(failure_);
    return file_->Flush();
  }

  Status Close() override {
    stop(/*drop=*/false);
    const Status closed = file_->Close();
    return failure_.ok() ? closed : failure_;
  }

  Status Abort() override {
    stop(/*drop=*/true);
    return file_->Abort();
  }

  arrow::Result<int64_t> Tell() const override { return position_; }
  bool closed() const override { return file_->closed(); }

 private:
  void hand_on() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      changed_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      BufferPtr buffer = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      Status written = file_->Write(buffer);
      const int64_t bytes = buffer->size();
      buffer.reset();
      lock.lock();
      waiting_bytes_ -= bytes;
      if (!written.ok()) {
        failure_ = std::move(written);
        drop_waiting();
      }
      changed_.notify_all();
    }
  }

  void drop_waiting() {
    for (const BufferPtr& buffer : waiting_) waiting_bytes_ -= buffer->size();
    waiting_.clear();
  }

  void stop(bool drop) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (drop) drop_waiting();
      stopping_ = true;
    }
    changed_.notify_all();
    if (writer_.joinable()) writer_.join();
  }

  std::shared_ptr<arrow::io::OutputStream> file_;
  int64_t position_ = 0;  // of what was taken

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<BufferPtr> waiting_;
  int64_t waiting_bytes_ = 0;  // of these, and of the buffer that is being written
  bool stopping_ = false;
  Status failure_;
  std::thread writer_;  // the last member: it uses the others
};

}  // namespace

std::shared_ptr<arrow::io::OutputStream> write_behind(std::shared_ptr<arrow::io::OutputStream> file) {
  try {
    return std::make_shared<WriteBehindStream>(file);
  } catch (const std::system_error&) {
    return file;  // there may be no more threads
  }
}

}  // namespace linkwright
