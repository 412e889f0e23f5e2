#include "text/jaro_cutoff.h"

#include <algorithm>
#include <cmath>

namespace linkwright {

// c / a + c / b + (c - t) / c >= 3 * needed, solved for c with t = 0 and then for t; a little too low and too high
// where rounding is in doubt.
JaroCutoff::JaroCutoff(double similarity, const std::array<double, 5>& jaro_needed_by_prefix)
    : similarity_(similarity) {
  std::copy(jaro_needed_by_prefix.begin(), jaro_needed_by_prefix.end(), needed_by_prefix_.begin());
  const double jaro_needed = *std::min_element(jaro_needed_by_prefix.begin(), jaro_needed_by_prefix.end());
  constexpr double kDoubt = 1e-9;
  const double shares = 3 * jaro_needed - 1 - kDoubt;
  const double shares_of_strangers = 3 * jaro_needed_by_prefix[0] - 1 - kDoubt;
  for (size_t a = 0; a <= kLongest; ++a) {
    for (size_t b = 0; b <= kLongest; ++b) {
      fewest_[kAny][a][b] = fewest_for(shares, a, b);
      fewest_[kStrangers][a][b] = fewest_for(shares_of_strangers, a, b);
      if (b > kLongestNarrow) continue;
      const double shares_a_match = 1 / static_cast<double>(a) + 1 / static_cast<double>(b);
      for (size_t matches = 0; matches <= kLongestNarrow; ++matches) {
        const auto c = static_cast<double>(matches);
        const double transpositions = std::floor(c * (c * shares_a_match - shares));
        const double most = a > 0 && b > 0 ? std::clamp(2 * transpositions + 1, 0.0, 255.0) : 0.0;
        most_out_of_place_[a][b][matches] = static_cast<uint8_t>(most);
      }
    }
  }
}

uint8_t JaroCutoff::fewest_for(double shares, size_t length_a, size_t length_b) {
  if (length_a == 0 || length_b == 0) return kUnreachable;
  const double shares_a_match = 1 / static_cast<double>(length_a) + 1 / static_cast<double>(length_b);
  const double fewest = std::max(1.0, std::ceil(shares / shares_a_match));
  return fewest > static_cast<double>(std::min(length_a, length_b)) ? kUnreachable : static_cast<uint8_t>(fewest);
}

JaroCutoff JaroCutoff::of_jaro(double similarity) {
  return {similarity, {similarity, similarity, similarity, similarity, similarity}};
}

// A bonus of a tenth of what is missing to 1 for each leading byte, above 0.7.
JaroCutoff JaroCutoff::of_jaro_winkler(double similarity) {
  constexpr double kBoostedAbove = 0.7;
  std::array<double, 5> needed;
  for (size_t prefix = 0; prefix < needed.size(); ++prefix) {
    const double bonus = 0.1 * static_cast<double>(prefix);
    needed[prefix] =
        similarity <= kBoostedAbove ? similarity : std::max(kBoostedAbove, (similarity - bonus) / (1 - bonus));
  }
  return {similarity, needed};
}

}  // namespace linkwright
