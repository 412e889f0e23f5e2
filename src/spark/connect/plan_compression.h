#pragma once

#include <mutex>
#include <optional>

#include "spark/connect/transport.h"

namespace linkwright::spark {

/// Compresses large plans (long SQL texts, rows inside a plan) for servers that take them so: Spark 4.1 and newer, by
/// their settings spark.connect.session.planCompression.*. Thread-safe.
class PlanCompression {
 public:
  /// Puts the plan's compressed form in its place when it is larger than the server's threshold and gets smaller by it.
  /// What cannot be compressed is left as it is.
  void apply(Transport& transport, proto::Plan* plan);

 private:
  int64_t threshold(Transport& transport);

  std::mutex mutex_;  // guards the one below
  std::optional<int64_t> threshold_bytes_;
};

}  // namespace linkwright::spark
