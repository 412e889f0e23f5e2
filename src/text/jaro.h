#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "text/jaro_winkler_rounding.h"

namespace linkwright {

constexpr size_t kLongestShare = 64;

/// kShares[whole][part] = part / whole, the double that the division gives: three of Jaro's four divisions, of which
/// most of its time would be (33 KiB; texts of one length touch a few cache lines).
extern const std::array<std::array<double, kLongestShare + 1>, kLongestShare + 1> kShares;

/// Jaro similarity in bytes, 0 to 1. Two empty texts have 0, as in DuckDB (rapidfuzz: 1). Thread-safe.
/// Source: Jaro (1989); bit for bit DuckDB's jaro_similarity: half the transpositions are rounded down, and the three
/// shares are added in the order of the definition.
double jaro(std::string_view a, std::string_view b);

/// Jaro similarity with Winkler's (1990) bonus of a tenth of what is missing to 1 for each of up to four equal leading
/// bytes, given above 0.7 only. Bit for bit DuckDB's jaro_winkler_similarity, in the rounding of its version.
double jaro_winkler(std::string_view a, std::string_view b, JaroWinklerRounding rounding);

// The last steps of both, for kernels that count matches themselves.

/// `common` matches, of which `out_of_place` are not in the same order (before halving).
inline double jaro_of_counts(size_t length_a, size_t length_b, size_t common, size_t out_of_place) {
  if (common == 0) return 0;
  const size_t in_order = common - out_of_place / 2;
  if (length_a > kLongestShare || length_b > kLongestShare) {
    const auto c = static_cast<double>(common);
    return (c / static_cast<double>(length_a) + c / static_cast<double>(length_b) + static_cast<double>(in_order) / c) /
           3.0;
  }
  return (kShares[length_a][common] + kShares[length_b][common] + kShares[common][in_order]) / 3.0;
}

/// Equal leading bytes, at most 4.
inline size_t winkler_prefix(std::string_view a, std::string_view b) {
  if (a.size() >= 4 && b.size() >= 4) {
    uint32_t first_of_a;
    uint32_t first_of_b;
    std::memcpy(&first_of_a, a.data(), sizeof(first_of_a));
    std::memcpy(&first_of_b, b.data(), sizeof(first_of_b));
    return static_cast<size_t>(std::countr_zero(first_of_a ^ first_of_b)) / 8;  // 32 / 8 where equal
  }
  const size_t most = std::min(a.size(), b.size());
  size_t prefix = 0;
  while (prefix < most && a[prefix] == b[prefix]) ++prefix;
  return prefix;
}

inline double add_winkler_bonus(double jaro, size_t common_prefix, JaroWinklerRounding rounding) {
  if (jaro <= 0.7 || common_prefix == 0) return jaro;
  const double bonus = static_cast<double>(common_prefix) * 0.1;
  return rounding == JaroWinklerRounding::kFused ? std::fma(bonus, 1.0 - jaro, jaro) : jaro + bonus * (1.0 - jaro);
}

}  // namespace linkwright
