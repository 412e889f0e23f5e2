#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/allocator.h"
#include "base/cancellation.h"
#include "base/memory_budget.h"
#include "base/progress.h"
#include "base/status.h"
#include "base/thread_pool.h"
#include "model/linkage_job.h"

namespace linkwright {

/// What one stage of a run did, for report.json.
struct StageReport {
  std::string stage;
  double seconds = 0;
  uint64_t items = 0;
  std::string unit;  // what `items` counts: rows, pairs, edges
  int64_t peak_memory_bytes = 0;
};

/// What every stage of a run shares.
struct RunContext {
  ThreadPool& pool;
  const Cancellation* cancellation = nullptr;
  Progress& progress;
  MemoryBudget& budget;
  std::vector<StageReport> stages;
  std::string temporary_folder = ".";  // for what does not fit the budget's buffers
  std::string stage = {};              // that is under way

  Status check_cancelled() const { return cancellation != nullptr ? cancellation->check() : Status::OK(); }
};

/// What a caller says of a run beside its job.
struct RunOptions {
  const Cancellation* cancellation = nullptr;
  Progress::Listener progress;
  std::string rejects_path;  // for lines of the inputs that cannot be read; "": one is an error
};

/// Owns what the stages of a run share, for as long as the run lasts.
class RunResources {
 public:
  RunResources(const EngineSpec& engine, const RunOptions& options, std::string temporary_folder = ".")
      : pool_(engine.threads),
        progress_(options.progress),
        budget_(engine.memory_limit_bytes),
        context_{pool_, options.cancellation, progress_, budget_, {}, std::move(temporary_folder)} {}
  /// Of work that tells no progress and has no limit.
  explicit RunResources(int threads, const Cancellation* cancellation = nullptr, std::string temporary_folder = ".")
      : pool_(threads), context_{pool_, cancellation, progress_, budget_, {}, std::move(temporary_folder)} {}
  RunResources(const RunResources&) = delete;
  RunResources& operator=(const RunResources&) = delete;

  RunContext& context() { return context_; }

 private:
  ThreadPool pool_;
  Progress progress_;
  MemoryBudget budget_;
  RunContext context_;
};

/// Times a stage from its making to `finish`, and tells progress.
class StageTimer {
 public:
  StageTimer(RunContext& context, std::string stage, std::string unit, uint64_t total = 0)
      : context_(context), report_{std::move(stage), 0, 0, std::move(unit), 0} {
    context_.stage = report_.stage;
    context_.progress.begin(report_.stage, report_.unit, total);
  }

  void finish(uint64_t items) {
    context_.progress.end();
    report_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
    report_.items = items;
    report_.peak_memory_bytes = peak_resident_bytes();
    context_.stages.push_back(report_);
    if (context_.budget.is_limited()) return_freed_memory();
  }

 private:
  RunContext& context_;
  StageReport report_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace linkwright
