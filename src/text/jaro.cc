#include "text/jaro.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

#include "text/byte_pattern.h"

namespace linkwright {
namespace {

struct Matches {
  size_t common = 0;
  size_t out_of_place = 0;
};

size_t match_window(size_t longer) { return longer < 2 ? 0 : longer / 2 - 1; }

/// Bit-parallel: every byte of `text` takes the first free equal byte of `pattern` inside its window.
template <typename Pattern>
Matches match_short(const Pattern& pattern, std::string_view text, size_t window) {
  uint64_t taken = 0;
  uint64_t matched = 0;
  uint64_t reachable = low_bits(window + 1);
  for (size_t j = 0; j < text.size(); ++j) {
    const uint64_t free = pattern.positions_of(text[j]) & reachable & ~taken;
    taken |= free & (0 - free);
    matched |= uint64_t{free != 0} << j;
    reachable = reachable << 1 | uint64_t{j < window};
  }
  Matches matches{static_cast<size_t>(std::popcount(matched)), 0};
  for (; matched != 0; matched &= matched - 1, taken &= taken - 1) {
    const uint64_t here = pattern.positions_of(text[static_cast<size_t>(std::countr_zero(matched))]);
    matches.out_of_place += (here & taken & (0 - taken)) == 0 ? 1 : 0;
  }
  return matches;
}

/// For strings of any length, linear: the window only moves right, so the equal bytes of the pattern are taken from the
/// front of a list a byte value.
Matches match_long(std::string_view pattern, std::string_view text, size_t window) {
  constexpr uint32_t kNone = ~uint32_t{0};
  std::array<uint32_t, 256> head;
  head.fill(kNone);
  std::vector<uint32_t> next(pattern.size());
  for (size_t i = pattern.size(); i-- > 0;) {
    uint32_t& first = head[static_cast<uint8_t>(pattern[i])];
    next[i] = first;
    first = static_cast<uint32_t>(i);
  }
  std::vector<bool> taken(pattern.size());
  std::vector<char> matched;
  matched.reserve(std::min(text.size(), pattern.size()));
  for (size_t j = 0; j < text.size(); ++j) {
    uint32_t& candidate = head[static_cast<uint8_t>(text[j])];
    while (candidate != kNone && candidate + window < j) candidate = next[candidate];
    if (candidate == kNone || candidate > j + window) continue;
    taken[candidate] = true;
    matched.push_back(text[j]);
    candidate = next[candidate];
  }
  Matches matches{matched.size(), 0};
  size_t at = 0;
  for (size_t i = 0; i < pattern.size() && at < matched.size(); ++i) {
    if (taken[i]) matches.out_of_place += pattern[i] != matched[at++] ? 1 : 0;
  }
  return matches;
}

using Shares = std::array<std::array<double, kLongestShare + 1>, kLongestShare + 1>;

constexpr Shares make_shares() {
  Shares shares{};
  for (size_t whole = 1; whole <= kLongestShare; ++whole) {
    for (size_t part = 0; part <= whole; ++part) {
      shares[whole][part] = static_cast<double>(part) / static_cast<double>(whole);
    }
  }
  return shares;
}

}  // namespace

constinit const Shares kShares = make_shares();

double jaro(std::string_view a, std::string_view b) {
  if (a.size() < b.size()) std::swap(a, b);
  if (b.empty()) return 0;
  const size_t window = match_window(a.size());
  const Matches matches =
      a.size() > kLongestPattern
          ? match_long(a, b, window)
          : with_byte_pattern(a, [&](const auto& pattern) { return match_short(pattern, b, window); });
  return jaro_of_counts(a.size(), b.size(), matches.common, matches.out_of_place);
}

double jaro_winkler(std::string_view a, std::string_view b, JaroWinklerRounding rounding) {
  return add_winkler_bonus(jaro(a, b), winkler_prefix(a, b), rounding);
}

}  // namespace linkwright
