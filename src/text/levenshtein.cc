#include "text/levenshtein.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "text/byte_pattern.h"
#include "text/common_affix.h"
#include "text/unshared_bytes.h"

namespace linkwright {
namespace {

/// Vertical differences of one 64-row stripe of the matrix: bit i of `up` (`down`) says row i + 1 is one more (less)
/// than row i.
struct Column {
  uint64_t up = ~uint64_t{0};
  uint64_t down = 0;
};

/// Hyyrö (2003), "A bit-vector algorithm for computing Levenshtein and Damerau edit distances", figure 3: one byte of
/// the text against a pattern of at most 64 bytes.
template <typename Pattern>
size_t distance_short(const Pattern& pattern, size_t pattern_size, std::string_view text, size_t max) {
  Column column;
  size_t distance = pattern_size;
  // The last row falls by at most one a byte, so this many rises above `max` can still be made good.
  size_t slack = max + text.size() - pattern_size;
  const size_t last = pattern_size - 1;
  for (const char c : text) {
    const uint64_t equal = pattern.positions_of(c);
    const uint64_t diagonal = (((equal & column.up) + column.up) ^ column.up) | equal | column.down;
    uint64_t rise = column.down | ~(diagonal | column.up);
    uint64_t fall = diagonal & column.up;
    const uint64_t rises = rise >> last & 1;
    const uint64_t falls = fall >> last & 1;
    distance = distance + rises - falls;
    // A step that does not fall spends one of the slack, a rise spends two.
    const uint64_t spent = 1 + rises - falls;
    if (spent > slack) return max + 1;
    slack -= spent;
    rise = rise << 1 | 1;
    fall <<= 1;
    column.up = fall | ~(diagonal | rise);
    column.down = rise & diagonal;
  }
  return distance;
}

/// Where every byte value occurs in a pattern of any length: 64 rows a word, word-major for one byte value.
class LongPattern {
 public:
  explicit LongPattern(std::string_view pattern) : words_((pattern.size() + 63) / 64), bits_(256 * words_) {
    for (size_t i = 0; i < pattern.size(); ++i) {
      bits_[static_cast<uint8_t>(pattern[i]) * words_ + i / 64] |= uint64_t{1} << (i % 64);
    }
  }
  size_t words() const { return words_; }
  const uint64_t* positions_of(char c) const { return &bits_[static_cast<uint8_t>(c) * words_]; }

 private:
  size_t words_;
  std::vector<uint64_t> bits_;
};

/// The whole matrix, 64 rows a word, horizontal differences carried from word to word.
size_t distance_long(std::string_view a, std::string_view b, size_t max) {
  const LongPattern pattern(a);
  std::vector<Column> columns(pattern.words());
  size_t distance = a.size();
  const size_t last = (a.size() - 1) % 64;
  for (size_t j = 0; j < b.size(); ++j) {
    const uint64_t* const equal_words = pattern.positions_of(b[j]);
    uint64_t rise_in = 1;
    uint64_t fall_in = 0;
    for (size_t word = 0; word < columns.size(); ++word) {
      Column& column = columns[word];
      const uint64_t equal = equal_words[word] | fall_in;
      const uint64_t diagonal = (((equal & column.up) + column.up) ^ column.up) | equal | column.down;
      uint64_t rise = column.down | ~(diagonal | column.up);
      uint64_t fall = diagonal & column.up;
      if (word + 1 == columns.size()) distance = distance + (rise >> last & 1) - (fall >> last & 1);
      const uint64_t rise_out = rise >> 63;
      const uint64_t fall_out = fall >> 63;
      rise = rise << 1 | rise_in;
      fall = fall << 1 | fall_in;
      column.up = fall | ~(diagonal | rise);
      column.down = rise & diagonal;
      rise_in = rise_out;
      fall_in = fall_out;
    }
    if (distance > max + (b.size() - 1 - j)) return max + 1;
  }
  return std::min(distance, max + 1);
}

}  // namespace

size_t levenshtein(std::string_view a, std::string_view b) {
  return levenshtein_within(a, b, std::max(a.size(), b.size()));
}

// Costs a pair: docs/performance.md, "String kernels" (bench/string_distance_bench).
size_t levenshtein_within(std::string_view a, std::string_view b, size_t max) {
  if (a.size() < b.size()) std::swap(a, b);
  const size_t limit = std::min(max, a.size());  // so that limit + 1 cannot overflow
  if (a.size() - b.size() > limit) return max + 1;
  if (limit == 0) return a == b ? 0 : max + 1;
  strip_common_affix(a, b);
  if (b.empty()) return a.size();
  size_t distance = 0;
  if (b.size() > kLongestPattern) {
    distance = distance_long(a, b, limit);
  } else {
    if (unshared_bytes_exceed(a, b, limit)) return max + 1;
    distance = with_byte_pattern(b, [&](const auto& pattern) { return distance_short(pattern, b.size(), a, limit); });
  }
  return distance > limit ? max + 1 : distance;
}

}  // namespace linkwright
