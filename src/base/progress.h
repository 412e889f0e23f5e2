#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace linkwright {

/// What a run is doing now. `total` 0 means the amount is not known.
struct ProgressUpdate {
  std::string stage;
  std::string unit;  // what is counted: "rows", "pairs", "edges"
  uint64_t done = 0;
  uint64_t total = 0;
  double seconds = 0;  // since the stage began
  bool finished = false;

  double per_second() const { return seconds > 0 ? static_cast<double>(done) / seconds : 0; }
  /// Seconds left at the rate so far; negative when it cannot be told.
  double eta_seconds() const;
};

/// Tells a listener how far a run is, at most ten times a second. `advance` may be called from any thread and costs an
/// atomic addition; `begin` and `end` are called by the thread that drives the run.
class Progress {
 public:
  using Listener = std::function<void(const ProgressUpdate&)>;

  explicit Progress(Listener listener = nullptr);
  ~Progress();

  void begin(std::string_view stage, std::string_view unit, uint64_t total = 0);
  void advance(uint64_t amount);
  void end();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace linkwright
