#pragma once

// The pattern-match vector of bit-parallel string algorithms without a table: a pattern of up to 64 bytes stays in one,
// two or four SSE registers, and "where does byte c occur" is a compare and a movemask. Nothing to build or clear,
// which is what makes pairs of short strings cheap.

#include <emmintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/sanitized.h"

namespace linkwright {

template <typename Word>
inline Word load_word(const char* from) {
  Word word;
  std::memcpy(&word, from, sizeof(word));
  return word;
}

constexpr size_t kLongestPattern = 64;

/// Up to 16 bytes, zero-filled, without reading past the end.
inline __m128i load_up_to_16(const char* from, size_t size) {
  if (size >= 16) return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  uint64_t low = 0;
  uint64_t high = 0;
  if (size >= 8) {
    low = load_word<uint64_t>(from);
    high = load_word<uint64_t>(from + size - 8) >> (8 * (15 - size)) >> 8;
  } else if (size >= 4) {
    low = load_word<uint32_t>(from) | uint64_t{load_word<uint32_t>(from + size - 4)} << (8 * (size - 4));
  } else if (size > 0) {
    low = uint64_t{static_cast<uint8_t>(from[0])} | uint64_t{static_cast<uint8_t>(from[size / 2])} << (8 * (size / 2)) |
          uint64_t{static_cast<uint8_t>(from[size - 1])} << (8 * (size - 1));
  }
  return _mm_set_epi64x(static_cast<int64_t>(high), static_cast<int64_t>(low));
}

/// 16 bytes of which the first `size` are those at `from` (none where size is 0), and the others any. Reads past the
/// end, but never into another page, so without most of the branches of load_up_to_16; sanitizers, which would
/// object, get those.
inline __m128i load_16_or_fewer(const char* from, size_t size) {
#ifndef LW_SANITIZED
  constexpr size_t kPage = 4096;
  alignas(16) static constexpr char kNothing[16] = {};
  from = size == 0 ? kNothing : from;
  if (reinterpret_cast<uintptr_t>(from) % kPage <= kPage - 16) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  }
#endif
  return load_up_to_16(from, size);
}

/// The lowest `count` bits set; `count` <= 64.
inline uint64_t low_bits(size_t count) { return count >= 64 ? ~uint64_t{0} : (uint64_t{1} << count) - 1; }

/// A pattern of up to 16 * kRegisters bytes.
template <int kRegisters>
class BytePattern {
 public:
  explicit BytePattern(std::string_view pattern) : used_(low_bits(pattern.size())) {
    for (size_t i = 0; i < kRegisters; ++i) {
      const size_t begin = i * 16 < pattern.size() ? i * 16 : pattern.size();
      bytes_[i] = load_up_to_16(pattern.data() + begin, pattern.size() - begin);
    }
  }

  /// Bit i says that byte i of the pattern is `c`.
  uint64_t positions_of(char c) const {
    const __m128i wanted = _mm_set1_epi8(c);
    uint64_t found = 0;
    for (size_t i = 0; i < kRegisters; ++i) {
      const int here = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes_[i], wanted));
      found |= uint64_t{static_cast<uint32_t>(here)} << (16 * i);
    }
    return found & used_;
  }

 private:
  __m128i bytes_[kRegisters];
  uint64_t used_;
};

/// Calls `work` with the narrowest BytePattern that holds `pattern` (at most 64 bytes).
template <typename Work>
inline auto with_byte_pattern(std::string_view pattern, const Work& work) {
  if (pattern.size() <= 16) return work(BytePattern<1>(pattern));
  if (pattern.size() <= 32) return work(BytePattern<2>(pattern));
  return work(BytePattern<4>(pattern));
}

}  // namespace linkwright
