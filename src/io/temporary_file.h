#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"

namespace linkwright {

/// A file without a name, readable by nobody else: it is gone when this object or the process is, however that ends.
/// Not thread-safe.
class TemporaryFile {
 public:
  /// In `folder`, which should be on a disk with space. Errors name it.
  static Result<TemporaryFile> create(const std::string& folder);
  ~TemporaryFile();
  TemporaryFile(TemporaryFile&& other) noexcept;
  TemporaryFile& operator=(TemporaryFile&& other) noexcept;

  uint64_t size() const { return size_; }

  Status append(std::string_view bytes);
  /// Reads `size` bytes from `offset` on; they must be there.
  Status read(uint64_t offset, char* out, size_t size) const;

 private:
  TemporaryFile(std::string folder, int descriptor) : folder_(std::move(folder)), descriptor_(descriptor) {}

  std::string folder_;
  int descriptor_;
  uint64_t size_ = 0;
};

}  // namespace linkwright
