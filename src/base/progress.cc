#include "base/progress.h"

#include <mutex>
#include <utility>

namespace linkwright {

using Clock = std::chrono::steady_clock;

double ProgressUpdate::eta_seconds() const {
  if (total == 0 || done == 0 || done > total) return -1;
  return seconds * static_cast<double>(total - done) / static_cast<double>(done);
}

struct Progress::State {
  Listener listener;
  std::atomic<uint64_t> done{0};
  std::atomic<int64_t> next_report_ns{0};
  std::mutex mutex;  // serialises the listener and guards what follows
  ProgressUpdate update;
  Clock::time_point began;
  bool running = false;

  void report(bool finished) {
    update.done = done.load(std::memory_order_relaxed);
    update.seconds = std::chrono::duration<double>(Clock::now() - began).count();
    update.finished = finished;
    listener(update);
  }
};

Progress::Progress(Listener listener) : state_(std::make_unique<State>()) { state_->listener = std::move(listener); }
Progress::~Progress() = default;

void Progress::begin(std::string_view stage, std::string_view unit, uint64_t total) {
  if (!state_->listener) return;
  const std::lock_guard<std::mutex> lock(state_->mutex);
  state_->update = ProgressUpdate{std::string(stage), std::string(unit), 0, total, 0, false};
  state_->done = 0;
  state_->began = Clock::now();
  state_->running = true;
  state_->report(false);
}

void Progress::advance(uint64_t amount) {
  if (!state_->listener) return;
  constexpr int64_t kReportEveryNs = 100'000'000;
  state_->done.fetch_add(amount, std::memory_order_relaxed);
  const int64_t now_ns = Clock::now().time_since_epoch().count();
  int64_t due_ns = state_->next_report_ns.load(std::memory_order_relaxed);
  if (now_ns < due_ns || !state_->next_report_ns.compare_exchange_strong(due_ns, now_ns + kReportEveryNs)) return;
  const std::lock_guard<std::mutex> lock(state_->mutex);
  if (state_->running) state_->report(false);
}

void Progress::end() {
  if (!state_->listener) return;
  const std::lock_guard<std::mutex> lock(state_->mutex);
  if (state_->running) state_->report(true);
  state_->running = false;
}

}  // namespace linkwright
