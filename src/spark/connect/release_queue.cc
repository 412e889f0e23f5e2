#include "spark/connect/release_queue.h"

namespace linkwright::spark {
namespace {
constexpr Milliseconds kPatience{5'000};
}

ReleaseQueue::ReleaseQueue(Transport& transport) : transport_(transport), thread_([this] { run(); }) {}

ReleaseQueue::~ReleaseQueue() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    closing_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void ReleaseQueue::release_until(const std::string& operation_id, const std::string& response_id) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    Entry& entry = waiting_[operation_id];
    if (!entry.all) entry.until = response_id;
  }
  changed_.notify_one();
}

void ReleaseQueue::release_all(const std::string& operation_id) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    waiting_[operation_id].all = true;
  }
  changed_.notify_one();
}

void ReleaseQueue::run() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return closing_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    auto node = waiting_.extract(waiting_.begin());
    lock.unlock();
    const bool sent = send(node.key(), node.mapped());
    lock.lock();
    if (closing_ && !sent) return;  // nobody waits for a server that is gone
  }
}

bool ReleaseQueue::send(const std::string& operation_id, const Entry& entry) {
  proto::ReleaseExecuteRequest request;
  transport_.sign(&request);
  request.set_operation_id(operation_id);
  if (entry.all) {
    request.mutable_release_all();
  } else {
    request.mutable_release_until()->set_response_id(entry.until);
  }
  // One attempt, which a request to cancel does not end: a cancelled run releases what it holds.
  const auto context = transport_.make_context(kPatience);
  proto::ReleaseExecuteResponse response;
  return transport_.stub().ReleaseExecute(context.get(), request, &response).ok();
}

}  // namespace linkwright::spark
