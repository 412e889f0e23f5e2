#include "text/jaro.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

#include "text/byte_masks.h"

namespace linkwright {
namespace {

constexpr size_t kWord = 64;

struct Matches {
  size_t common = 0;
  size_t out_of_place = 0;
};

// How far apart two places may be to match: half the longer text, less one.
size_t window(size_t length_a, size_t length_b) {
  const size_t half = std::max(length_a, length_b) / 2;
  return half > 0 ? half - 1 : 0;
}

uint64_t low_bits(size_t count) { return count >= kWord ? ~uint64_t{0} : (uint64_t{1} << count) - 1; }

// Up to 64 bytes each: the free places of `b` that a byte of `a` may take are one AND.
Matches match_words(std::string_view a, std::string_view b) {
  const ByteMasks places(b);
  const size_t reach = window(a.size(), b.size());
  uint64_t taken_a = 0;
  uint64_t taken_b = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const size_t first = i > reach ? i - reach : 0;
    if (first >= b.size()) break;
    const uint64_t allowed = low_bits(i + reach + 1) & ~low_bits(first);
    const uint64_t free = places[a[i]] & allowed & ~taken_b;
    taken_b |= free & (~free + 1);
    taken_a |= static_cast<uint64_t>(free != 0) << i;
  }
  Matches matches{static_cast<size_t>(std::popcount(taken_a)), 0};
  for (; taken_a != 0; taken_a &= taken_a - 1, taken_b &= taken_b - 1) {
    const char c = a[static_cast<size_t>(std::countr_zero(taken_a))];
    matches.out_of_place += static_cast<size_t>((places[c] & taken_b & (~taken_b + 1)) == 0);
  }
  return matches;
}

Matches match_bytes(std::string_view a, std::string_view b) {
  const size_t reach = window(a.size(), b.size());
  std::vector<uint8_t> taken(b.size());
  std::vector<char> matched_a;
  for (size_t i = 0; i < a.size(); ++i) {
    const size_t end = std::min(b.size(), i + reach + 1);
    for (size_t j = i > reach ? i - reach : 0; j < end; ++j) {
      if (taken[j] != 0 || a[i] != b[j]) continue;
      taken[j] = 1;
      matched_a.push_back(a[i]);
      break;
    }
  }
  Matches matches{matched_a.size(), 0};
  size_t next = 0;
  for (size_t j = 0; j < b.size(); ++j) {
    if (taken[j] != 0) matches.out_of_place += static_cast<size_t>(matched_a[next++] != b[j]);
  }
  return matches;
}

}  // namespace

double jaro_of_counts(size_t length_a, size_t length_b, size_t common, size_t out_of_place) {
  if (common == 0) return 0;
  const auto c = static_cast<double>(common);
  const auto transpositions = static_cast<double>(out_of_place / 2);
  return (c / static_cast<double>(length_a) + c / static_cast<double>(length_b) + (c - transpositions) / c) / 3.0;
}

double jaro(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return 0;
  const Matches matches = a.size() <= kWord && b.size() <= kWord ? match_words(a, b) : match_bytes(a, b);
  return jaro_of_counts(a.size(), b.size(), matches.common, matches.out_of_place);
}

size_t winkler_prefix(std::string_view a, std::string_view b) {
  const size_t most = std::min({a.size(), b.size(), size_t{4}});
  size_t prefix = 0;
  while (prefix < most && a[prefix] == b[prefix]) ++prefix;
  return prefix;
}

double add_winkler_bonus(double jaro, size_t common_prefix, JaroWinklerRounding rounding) {
  if (jaro <= 0.7) return jaro;
  const double bonus = static_cast<double>(common_prefix) * 0.1;
  return rounding == JaroWinklerRounding::kFused ? std::fma(bonus, 1.0 - jaro, jaro) : jaro + bonus * (1.0 - jaro);
}

double jaro_winkler(std::string_view a, std::string_view b, JaroWinklerRounding rounding) {
  return add_winkler_bonus(jaro(a, b), winkler_prefix(a, b), rounding);
}

}  // namespace linkwright
