// Jaro's matches by bits, for files that are compiled for an instruction set of their own: only built-in types are used.

#pragma once

#include <cstddef>
#include <cstdint>

namespace linkwright {
namespace {

struct JaroMatches {
  size_t common = 0;
  size_t out_of_place = 0;
};

/// Bit-parallel, for texts of up to 64 bytes: every byte of `text` takes the first free equal byte of the pattern inside
/// its window. Either may be the longer one. Fewer matches than `fewest` are none.
///
/// `pattern.positions_of(c)`: bit i says that its byte i is `c`.
template <typename Pattern>
inline JaroMatches match_by_bits(const Pattern& pattern, const char* text, size_t length, size_t window,
                                 size_t fewest) {
  uint64_t taken = 0;
  uint64_t matched = 0;
  uint64_t reachable = (uint64_t{2} << window) - 1;
  for (size_t j = 0; j < length; ++j) {
    const uint64_t free = pattern.positions_of(text[j]) & reachable & ~taken;
    taken |= free & (0 - free);
    matched |= uint64_t{free != 0} << j;
    reachable = reachable << 1 | uint64_t{j < window};
  }
  const auto common = static_cast<size_t>(__builtin_popcountll(matched));
  if (common < fewest) return {};
  size_t out_of_place = 0;
  for (; matched != 0; matched &= matched - 1, taken &= taken - 1) {
    const uint64_t here = pattern.positions_of(text[__builtin_ctzll(matched)]);
    out_of_place += (here & taken & (0 - taken)) == 0 ? 1 : 0;
  }
  return {common, out_of_place};
}

}  // namespace
}  // namespace linkwright
