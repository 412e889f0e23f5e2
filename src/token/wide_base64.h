#pragma once

#include <immintrin.h>

#include "token/token_kernels.h"

namespace linkwright {

/// Base64 in 512-bit registers, by W. Mula and D. Lemire, "Base64 encoding and decoding at almost the speed of a memory
/// copy" (2020): 64 characters of 48 bytes by two permutations and one multishift.
class WideBase64 {
 public:
  /// Where character group i of `from` on finds its bytes: b1 b0 b2 b1 of every three, for a byte permutation.
  struct Places {
    alignas(64) uint8_t bytes[64];
  };
  static constexpr Places places(uint8_t from) {
    Places places{};
    constexpr uint8_t kOrder[4] = {1, 0, 2, 1};
    for (uint8_t i = 0; i < 64; ++i) places.bytes[i] = static_cast<uint8_t>(from + i / 4 * 3 + kOrder[i % 4]);
    return places;
  }

  /// The characters of bytes that lie as `places` says.
  LW_WIDE_TOKENS static __m512i characters(__m512i spread_bytes) {
    alignas(64) static constexpr char kAlphabet[65] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const __m512i shifts = _mm512_set1_epi64(0x3036242a1016040a);
    const __m512i groups = _mm512_multishift_epi64_epi8(shifts, spread_bytes);
    return _mm512_permutexvar_epi8(groups, _mm512_load_si512(kAlphabet));
  }
};

}  // namespace linkwright
