#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace linkwright {

/// Numbers the codes of a column that occur in one row group, in order of first appearance: a Parquet dictionary holds
/// only what its row group needs, so that its indices are short.
///
/// A dictionary with few codes is looked up directly, any other by hash, in memory for the codes that occur and not for
/// all there are. Not thread-safe. One to two nanoseconds a code.
class ChunkDictionary {
 public:
  /// Codes are below `num_codes`.
  explicit ChunkDictionary(size_t num_codes);

  /// The number of each code in turn.
  void number(std::span<const int32_t> codes, uint32_t* numbers);

  /// The codes in the order of their numbers.
  std::span<const uint32_t> codes() const { return codes_; }

  /// Forgets all codes, for the next row group.
  void clear();

 private:
  struct Slot {
    uint32_t code;
    uint32_t number;  // kNone: an empty slot
  };

  void number_directly(std::span<const int32_t> codes, uint32_t* numbers);
  size_t first_slot(uint32_t code) const;
  size_t locate(uint32_t code) const;
  void grow();

  std::vector<uint32_t> codes_;
  std::vector<uint32_t> number_of_code_;  // of few codes
  std::vector<Slot> slots_;               // of many: open addressing, at most half full
  int shift_ = 0;                         // leaves the highest bits of a product, as many as name a slot
};

}  // namespace linkwright
