#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "io/temporary_file.h"

namespace linkwright {

/// Sorts texts that need not fit into memory, by their bytes. What does not fit goes to a temporary file in sorted
/// runs, which are merged when they are read: as D. Knuth, "The Art of Computer Programming", volume 3, section 5.4.
/// The order does not depend on how much memory there is; equal texts come one after the other.
///
/// First `add`, then `finish`, then `next` until the end. Costs O(n log n) time. Not thread-safe.
class ExternalSorter {
 public:
  /// Uses up to `memory_bytes`, or what the longest text takes when that is more; none before the first text. Temporary
  /// files lie in `folder`, and there is none while all fits into memory.
  ExternalSorter(size_t memory_bytes, std::string folder);
  ~ExternalSorter();
  ExternalSorter(ExternalSorter&&) noexcept;
  ExternalSorter& operator=(ExternalSorter&&) noexcept;

  Status add(std::string_view text);
  Status finish();

  /// The next text in ascending order, good until the next call; false at the end.
  Result<bool> next(std::string_view* text);

  bool uses_file() const { return !runs_.empty(); }

 private:
  struct Entry {
    uint64_t prefix;  // the first eight bytes, as a number that compares as they do
    size_t offset;    // of the text's length in the buffer
  };
  struct Run {
    uint64_t begin;
    uint64_t end;
  };
  class RunReader;
  class RunMerger;
  class RunWriter;

  Entry* entries() { return reinterpret_cast<Entry*>(buffer_.get() + capacity_) - count_; }
  std::string_view text_at(size_t offset) const;
  Status make_room(size_t bytes);
  void sort_buffer();
  Status spill();
  Status merge_until_few();

  size_t memory_bytes_;
  std::string folder_;
  // Texts with their lengths from the front, entries from the back: uninitialised, so that pages are taken when used.
  std::unique_ptr<char[]> buffer_;
  size_t capacity_ = 0;
  size_t used_ = 0;
  size_t count_ = 0;
  size_t given_ = 0;
  std::unique_ptr<TemporaryFile> file_;
  std::vector<Run> runs_;
  std::unique_ptr<RunMerger> merger_;
};

}  // namespace linkwright
