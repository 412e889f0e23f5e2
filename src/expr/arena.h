#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "expr/value.h"

namespace linkwright {

/// Memory that is handed out piece by piece and given back all at once. Not thread-safe.
class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  Arena(Arena&&) noexcept = default;  // what was handed out stays where it is
  Arena& operator=(Arena&&) noexcept = default;

  char* allocate_bytes(size_t size) { return static_cast<char*>(allocate(size, 1)); }

  /// `count` nulls.
  std::span<Value> allocate_values(size_t count);

  std::string_view copy(std::string_view text);

  /// A copy of everything that `value` points to.
  Value copy(const Value& value);

  /// All memory is free again; the largest block is kept for the next use.
  void clear();

 private:
  void* allocate(size_t size, size_t alignment);

  struct Block {
    std::unique_ptr<std::byte[]> bytes;
    size_t size;
  };
  std::vector<Block> blocks_;
  size_t used_ = 0;  // of the last block
};

}  // namespace linkwright
