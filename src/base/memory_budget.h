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

/// Resident memory of this process now, and the most it has had, from the operating system.
int64_t resident_bytes();
int64_t peak_resident_bytes();

/// The promise that a run stays under a limit: stages ask before they take a large piece of memory.
///
/// A budget counts what was asked for; it does not allocate. `limit_bytes` 0 means no limit. Not thread-safe: large
/// pieces are taken by the thread that drives the run.
class MemoryBudget {
 public:
  explicit MemoryBudget(int64_t limit_bytes = 0) : limit_bytes_(limit_bytes) {}

  int64_t limit_bytes() const { return limit_bytes_; }
  int64_t used_bytes() const { return used_bytes_; }
  int64_t peak_bytes() const { return peak_bytes_; }

  /// What is left; a very large number without a limit.
  int64_t available_bytes() const;

  /// OutOfMemory with the number that would be needed when `bytes` more do not fit; nothing is counted then.
  Status take(int64_t bytes, std::string_view what);
  void give_back(int64_t bytes) { used_bytes_ -= bytes; }

 private:
  int64_t limit_bytes_;
  int64_t used_bytes_ = 0;
  int64_t peak_bytes_ = 0;
};

}  // namespace linkwright
