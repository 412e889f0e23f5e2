#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace linkwright {

/// Sixteen bytes about a text of up to 64 that bound how many bytes it shares with another: which of 40 classes of
/// bytes it has once, which twice, which three times, and how many bytes it has beyond that. Letters (whatever their
/// case) and digits are classes of their own. Most texts that are not alike share too few to be near, whatever their
/// order.
class ByteSignature {
 public:
  static constexpr size_t kLongest = 64;

  ByteSignature() = default;
  explicit ByteSignature(std::string_view text) {
    uint64_t once = 0;
    uint64_t twice = 0;
    uint64_t thrice = 0;
    uint64_t more = 0;
    for (const char c : text) {
      const uint64_t bit = uint64_t{1} << kClassOf[static_cast<uint8_t>(c)];
      more += (thrice & bit) != 0 ? 1 : 0;
      thrice |= twice & bit;
      twice |= once & bit;
      once |= bit;
    }
    low_ = once | thrice << kClasses;
    high_ = twice | thrice >> kThriceInLow << kClasses | more << kClassBitsOfHigh;
  }

  /// That of a text whose low() and high() these are.
  ByteSignature(uint64_t low, uint64_t high) : low_(low), high_(high) {}

  /// No fewer than the bytes that two texts share, each counted as often as both have it.
  size_t most_shared(ByteSignature other) const {
    const uint64_t in_high = high_ & other.high_ & kClassesOfHigh;
    const auto classes = static_cast<size_t>(std::popcount(low_ & other.low_) + std::popcount(in_high));
    return classes + std::min(high_ >> kClassBitsOfHigh, other.high_ >> kClassBitsOfHigh);
  }

  // The bits: classes in all of low() and the lower kClassBitsOfHigh of high(), whose others are the number of bytes
  // beyond three of a class.
  uint64_t low() const { return low_; }
  uint64_t high() const { return high_; }
  static constexpr int kClassBitsOfHigh = 56;
  static constexpr uint64_t kClassesOfHigh = (uint64_t{1} << kClassBitsOfHigh) - 1;

 private:
  static constexpr int kClasses = 40;
  static constexpr int kThriceInLow = 64 - kClasses;

  static constexpr std::array<uint8_t, 256> make_classes() {
    constexpr size_t kLetters = 26;
    constexpr size_t kDigits = 10;
    constexpr size_t kOthers = kClasses - kLetters - kDigits;
    std::array<uint8_t, 256> classes{};
    for (size_t c = 0; c < classes.size(); ++c) classes[c] = static_cast<uint8_t>(kLetters + kDigits + c % kOthers);
    for (size_t k = 0; k < kLetters; ++k) classes['a' + k] = classes['A' + k] = static_cast<uint8_t>(k);
    for (size_t k = 0; k < kDigits; ++k) classes['0' + k] = static_cast<uint8_t>(kLetters + k);
    return classes;
  }
  static const std::array<uint8_t, 256> kClassOf;

  uint64_t low_ = 0;
  uint64_t high_ = 0;
};

inline constexpr std::array<uint8_t, 256> ByteSignature::kClassOf = ByteSignature::make_classes();

}  // namespace linkwright
