#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace linkwright {

/// The distinct codes among the rows of a tile, numbered from 0 in order of first appearance. Reused from tile to tile.
class LocalValues {
 public:
  /// `codes` holds one code a row.
  void assign(std::span<const uint32_t> codes);

  /// The local number of a code, or kNone.
  uint32_t find(uint32_t code) const;
  static constexpr uint32_t kNone = UINT32_MAX;

  /// Distinct codes, by local number.
  const std::vector<uint32_t>& values() const { return values_; }
  /// Local number of every row.
  const std::vector<uint32_t>& local() const { return local_; }
  /// Every row's local number is its place.
  bool all_distinct() const { return values_.size() == local_.size(); }

 private:
  std::vector<uint32_t> values_;
  std::vector<uint32_t> local_;
  struct Slot {
    uint32_t code;
    uint32_t tile;  // the slot is empty unless this is the current tile
    uint32_t local;
  };
  size_t place_of(uint32_t code) const;

  std::vector<Slot> slots_;
  uint32_t mask_ = 0;
  uint32_t tile_ = 0;
};

}  // namespace linkwright
