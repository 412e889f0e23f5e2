#include "text/damerau_levenshtein.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

#include "text/byte_pattern.h"
#include "text/common_affix.h"
#include "text/unshared_bytes.h"

namespace linkwright {
namespace {

// Optimal string alignment is never less than the unrestricted distance and at most half as large again: an exchange
// with g edits in between costs 1 + g here and at most 2 + g there. Up to 2 the two are the same.
constexpr size_t kSameUpTo = 2;

/// Optimal string alignment distance, Hyyrö (2003): Levenshtein's recurrence plus the bit of a transposition.
template <typename Pattern>
size_t alignment_distance(const Pattern& pattern, size_t pattern_size, std::string_view text) {
  uint64_t up = ~uint64_t{0};
  uint64_t down = 0;
  uint64_t diagonal = 0;
  uint64_t equal_before = 0;
  for (const char c : text) {
    const uint64_t equal = pattern.positions_of(c);
    const uint64_t transposed = ((~diagonal & equal) << 1) & equal_before;
    diagonal = (((equal & up) + up) ^ up) | equal | down | transposed;
    uint64_t rise = down | ~(diagonal | up);
    uint64_t fall = diagonal & up;
    rise = rise << 1 | 1;
    fall <<= 1;
    up = fall | ~(diagonal | rise);
    down = rise & diagonal;
    equal_before = equal;
  }
  const uint64_t rows = low_bits(pattern_size);
  return text.size() + static_cast<size_t>(std::popcount(up & rows)) - static_cast<size_t>(std::popcount(down & rows));
}

/// Zhao and Sahni (2019), "String correction using the Damerau-Levenshtein distance": O(|a| |b|) time, O(|b|) memory.
size_t exact_distance(std::string_view a, std::string_view b) {
  const auto far = static_cast<int32_t>(std::max(a.size(), b.size()) + 1);
  std::array<int32_t, 256> last_row;  // in which row of `a` a byte value was seen last
  last_row.fill(-1);
  const size_t width = b.size() + 2;
  std::vector<int32_t> cells(3 * width, far);
  int32_t* const transposed_from = cells.data() + 1;
  int32_t* above = cells.data() + width + 1;
  int32_t* current = cells.data() + 2 * width + 1;
  for (size_t j = 0; j <= b.size(); ++j) current[j] = static_cast<int32_t>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    std::swap(above, current);
    ptrdiff_t last_column = -1;
    int32_t before_above = current[0];  // two rows up, one column back
    current[0] = static_cast<int32_t>(i);
    int32_t transposition = far;
    for (size_t j = 1; j <= b.size(); ++j) {
      const bool same = a[i - 1] == b[j - 1];
      int32_t best = std::min({above[j - 1] + (same ? 0 : 1), current[j - 1] + 1, above[j] + 1});
      if (same) {
        last_column = static_cast<ptrdiff_t>(j);
        transposed_from[j] = above[static_cast<ptrdiff_t>(j) - 2];
        transposition = before_above;
      } else {
        const int32_t row = last_row[static_cast<uint8_t>(b[j - 1])];
        if (static_cast<ptrdiff_t>(j) - last_column == 1) {
          best = std::min(best, transposed_from[j] + static_cast<int32_t>(i) - row);
        } else if (static_cast<int32_t>(i) - row == 1) {
          best = std::min(best, transposition + static_cast<int32_t>(static_cast<ptrdiff_t>(j) - last_column));
        }
      }
      before_above = current[j];
      current[j] = best;
    }
    last_row[static_cast<uint8_t>(a[i - 1])] = static_cast<int32_t>(i);
  }
  return static_cast<size_t>(current[b.size()]);
}

}  // namespace

size_t damerau_levenshtein(std::string_view a, std::string_view b) {
  return damerau_levenshtein_within(a, b, std::max(a.size(), b.size()));
}

size_t damerau_levenshtein_within(std::string_view a, std::string_view b, size_t max) {
  if (a.size() < b.size()) std::swap(a, b);
  const size_t limit = std::min(max, a.size());  // so that arithmetic on the limit cannot overflow
  if (a.size() - b.size() > limit) return max + 1;
  if (limit == 0) return a == b ? 0 : max + 1;
  strip_common_affix(a, b);
  if (b.empty()) return a.size();
  if (b.size() <= kLongestPattern) {
    if (unshared_bytes_exceed(a, b, limit)) return max + 1;
    const size_t aligned =
        with_byte_pattern(b, [&](const auto& pattern) { return alignment_distance(pattern, b.size(), a); });
    if (aligned <= kSameUpTo) return aligned > limit ? max + 1 : aligned;
    if (aligned > limit && !may_beat_alignment(a.size(), b.size(), aligned, limit)) return max + 1;
  }
  const size_t distance = exact_distance(a, b);
  return distance > limit ? max + 1 : distance;
}

}  // namespace linkwright
