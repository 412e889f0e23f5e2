#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"

namespace linkwright {

/// "8GB", "512MiB", "1.5g", "1073741824" to bytes. GB and GiB are both powers of 1024, as users of Spark and the JVM
/// mean them. Errors name what was expected.
Result<int64_t> parse_bytes(std::string_view text);

/// 1536 -> "1.5 KiB": for messages and reports.
std::string format_bytes(int64_t bytes);

/// The most resident memory that this process has had, from the operating system.
int64_t peak_resident_bytes();

/// The promise that a run stays under a limit, as its stages see it.
///
/// What a run must hold grows with its records and is checked before it starts. What grows with its pairs goes through
/// buffers that are written to temporary files when they are full: how large they may be is told here. Set by the
/// thread that drives the run, before its stages; read by any.
class MemoryBudget {
 public:
  /// 0 means no limit.
  explicit MemoryBudget(int64_t limit_bytes = 0) : limit_bytes_(limit_bytes) {}

  static constexpr int64_t kLeastBufferBytes = int64_t{8} << 20;
  static constexpr int64_t kMostBufferBytes = int64_t{256} << 20;

  bool is_limited() const { return limit_bytes_ > 0; }
  int64_t limit_bytes() const { return limit_bytes_; }

  /// What one stage's buffers may take, all threads together.
  int64_t buffer_bytes() const { return buffer_bytes_; }

  /// What the rest of the run leaves under the limit; the least and the most that buffers get are fixed.
  void leave_for_buffers(int64_t bytes);

 private:
  int64_t limit_bytes_;
  int64_t buffer_bytes_ = kMostBufferBytes;
};

}  // namespace linkwright
