#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace linkwright {

/// Eight bytes about a text of up to 64 that bound how many bytes it shares with another: which of 29 classes of bytes
/// it has once, which twice, and how many bytes it has beyond that. Most names that are not alike share too few to be
/// near, whatever their order.
class ByteSignature {
 public:
  static constexpr size_t kLongest = 64;

  ByteSignature() = default;
  explicit ByteSignature(std::string_view text) {
    uint64_t once = 0;
    uint64_t twice = 0;
    uint64_t more = 0;
    for (const char c : text) {
      const uint64_t bit = uint64_t{1} << (static_cast<uint8_t>(c) % 32 % kClasses);  // no two letters are of one class
      more += (twice & bit) != 0 ? 1 : 0;
      twice |= once & bit;
      once |= bit;
    }
    bits_ = once | twice << kClasses | more << (2 * kClasses);
  }

  /// No fewer than the bytes that two texts share, each counted as often as both have it.
  size_t most_shared(ByteSignature other) const {
    const auto classes = static_cast<size_t>(std::popcount(bits_ & other.bits_ & kAllClasses));
    return classes + std::min(bits_ >> (2 * kClasses), other.bits_ >> (2 * kClasses));
  }

 private:
  static constexpr size_t kClasses = 29;
  static constexpr uint64_t kAllClasses = (uint64_t{1} << (2 * kClasses)) - 1;

  uint64_t bits_ = 0;
};

}  // namespace linkwright
