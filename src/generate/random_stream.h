#pragma once

#include <cstdint>

namespace linkwright {

/// Mixes the bits of a number so that each one depends on all (the finalizer of SplitMix64).
constexpr uint64_t mix_bits(uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31);
}

/// A seeded stream of random numbers for one thing (`purpose`, `index`): the number of a record decides what it gets,
/// not when or by which thread it is made. Integer arithmetic only, so the same everywhere. Not for secrets. Source:
/// SplitMix64, Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
class RandomStream {
 public:
  constexpr RandomStream(uint64_t seed, uint64_t purpose, uint64_t index)
      : state_(mix_bits(mix_bits(seed ^ (purpose * kGolden)) + index * kGolden)) {}

  constexpr uint64_t next() { return mix_bits(state_ += kGolden); }

  /// Uniform in [0, bound); `bound` > 0.
  constexpr uint64_t below(uint64_t bound) { return static_cast<uint64_t>((static_cast<Wide>(next()) * bound) >> 64); }

  /// True with this probability, 0 <= probability < 1.
  constexpr bool chance(double probability) {
    return (next() >> 11) < static_cast<uint64_t>(probability * 9007199254740992.0);  // 2^53
  }

 private:
  __extension__ using Wide = unsigned __int128;
  static constexpr uint64_t kGolden = 0x9e3779b97f4a7c15ULL;
  uint64_t state_;
};

}  // namespace linkwright
