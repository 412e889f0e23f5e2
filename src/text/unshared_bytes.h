#pragma once

#include <nmmintrin.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "text/byte_pattern.h"

namespace linkwright {

/// True when more than `max` bytes of `a` occur nowhere in `b`: each of them costs an edit of its own, whatever the
/// edit distance. Looks only at strings of up to 16 bytes (one SSE4.2 instruction) and is false for longer ones.
inline bool unshared_bytes_exceed(std::string_view a, std::string_view b, size_t max) {
  if (a.size() > 16 || b.size() > 16 || a.size() <= max) return false;
  const __m128i shared =
      _mm_cmpestrm(load_up_to_16(b.data(), b.size()), static_cast<int>(b.size()), load_up_to_16(a.data(), a.size()),
                   static_cast<int>(a.size()), _SIDD_UBYTE_OPS | _SIDD_CMP_EQUAL_ANY | _SIDD_BIT_MASK);
  const auto found = static_cast<size_t>(std::popcount(static_cast<uint32_t>(_mm_cvtsi128_si32(shared))));
  return a.size() - found > max;
}

}  // namespace linkwright
