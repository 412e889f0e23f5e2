#include "text/levenshtein.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "text/byte_masks.h"

namespace linkwright {
namespace {

constexpr size_t kWord = 64;

// Equal beginnings and ends cost nothing in any cheapest alignment.
void strip_common_affixes(std::string_view* a, std::string_view* b) {
  const auto begin = std::mismatch(a->begin(), a->end(), b->begin(), b->end());
  const auto prefix = static_cast<size_t>(begin.first - a->begin());
  a->remove_prefix(prefix);
  b->remove_prefix(prefix);
  const auto end = std::mismatch(a->rbegin(), a->rend(), b->rbegin(), b->rend());
  const auto suffix = static_cast<size_t>(end.first - a->rbegin());
  a->remove_suffix(suffix);
  b->remove_suffix(suffix);
}

// One column of the distance matrix as differences between neighbours, 64 rows a word.
struct Column {
  uint64_t positive = ~uint64_t{0};
  uint64_t negative = 0;
};

struct Carry {
  uint64_t positive;
  uint64_t negative;
};

// Moves one word of a column one text byte on; `in` and the result are the horizontal differences at its edges.
Carry advance(Column* column, uint64_t matches, Carry in, uint64_t last_row) {
  const uint64_t reached = matches | in.negative;
  const uint64_t diagonal = (((reached & column->positive) + column->positive) ^ column->positive) | reached | column->negative;
  uint64_t positive = column->negative | ~(diagonal | column->positive);
  uint64_t negative = column->positive & diagonal;
  const Carry out{static_cast<uint64_t>((positive & last_row) != 0), static_cast<uint64_t>((negative & last_row) != 0)};
  positive = positive << 1 | in.positive;
  negative = negative << 1 | in.negative;
  column->positive = negative | ~(diagonal | positive);
  column->negative = positive & diagonal;
  return out;
}

size_t one_word(std::string_view pattern, std::string_view text) {
  const ByteMasks masks(pattern);
  const uint64_t last_row = uint64_t{1} << (pattern.size() - 1);
  Column column;
  size_t distance = pattern.size();
  for (const char c : text) {
    const Carry carry = advance(&column, masks[c], {1, 0}, last_row);
    distance += carry.positive;
    distance -= carry.negative;
  }
  return distance;
}

size_t many_words(std::string_view pattern, std::string_view text) {
  const size_t words = (pattern.size() + kWord - 1) / kWord;
  std::vector<uint64_t> masks(256 * words);
  for (size_t i = 0; i < pattern.size(); ++i) {
    masks[static_cast<uint8_t>(pattern[i]) * words + i / kWord] |= uint64_t{1} << (i % kWord);
  }
  std::vector<Column> columns(words);
  const uint64_t last_row = uint64_t{1} << ((pattern.size() - 1) % kWord);
  size_t distance = pattern.size();
  for (const char c : text) {
    const uint64_t* matches = masks.data() + static_cast<uint8_t>(c) * words;
    Carry carry{1, 0};
    for (size_t w = 0; w + 1 < words; ++w) carry = advance(&columns[w], matches[w], carry, uint64_t{1} << (kWord - 1));
    carry = advance(&columns[words - 1], matches[words - 1], carry, last_row);
    distance += carry.positive;
    distance -= carry.negative;
  }
  return distance;
}

}  // namespace

size_t levenshtein(std::string_view a, std::string_view b) {
  strip_common_affixes(&a, &b);
  if (a.size() > b.size()) std::swap(a, b);
  if (a.empty()) return b.size();
  return a.size() <= kWord ? one_word(a, b) : many_words(a, b);
}

size_t levenshtein_within(std::string_view a, std::string_view b, size_t max) {
  const size_t shortest = a.size() < b.size() ? b.size() - a.size() : a.size() - b.size();
  if (shortest > max) return max + 1;
  return std::min(levenshtein(a, b), max + 1);
}

}  // namespace linkwright
