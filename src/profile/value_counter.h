#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace linkwright {

/// 64 bits that stand for a value; never 0, which stands for null. Two of a million different values meet with a
/// probability below 1e-7.
uint64_t hash_value(std::string_view text);
uint64_t combine_value_hashes(uint64_t one, uint64_t other);  // 0 if either is

/// How often each hash was added, in one flat table that grows: 16 bytes a slot, two to four slots a distinct value.
class ValueCounter {
 public:
  struct Slot {
    uint64_t hash = 0;  // 0: empty
    uint32_t count = 0;
    uint32_t first_place = 0;
  };

  explicit ValueCounter(size_t expected_distinct = 16);

  /// `hash` must not be 0. `place` is kept for the first time a hash is added.
  void add(uint64_t hash, uint32_t place = 0);

  size_t distinct() const { return distinct_; }

  /// Sum of n (n - 1) / 2 over the hashes.
  uint64_t pairs() const;

  /// Filled slots, most frequent first, then by first place; at most `most`.
  std::vector<Slot> top(size_t most) const;

 private:
  void grow();

  std::vector<Slot> slots_;
  size_t distinct_ = 0;
};

}  // namespace linkwright
