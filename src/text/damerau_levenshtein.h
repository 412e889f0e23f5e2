#pragma once

#include <cstddef>
#include <string_view>

namespace linkwright {

/// Unrestricted Damerau-Levenshtein distance in bytes: as Levenshtein, with the exchange of two neighbours as a fourth
/// edit, also where more edits fall between them ("ca" to "abc" is 2, where optimal string alignment says 3).
/// O(n * m) time. Thread-safe. Source: Damerau (1964), Lowrance and Wagner (1975), in the linear memory of Zhao and
/// Sahni (2019); equal to DuckDB's damerau_levenshtein.
size_t damerau_levenshtein(std::string_view a, std::string_view b);

/// Whether the distance of texts of these lengths can be `max` or less although their optimal string alignment is
/// `alignment`, more than that. It takes an exchange with edits in between: one with g of them costs 1 + g here and
/// 2 + g there, so the alignment is at most half as large again; and a distance of 2 is then one exchange around a
/// single insertion or deletion, by which the lengths differ.
inline bool may_beat_alignment(size_t length_a, size_t length_b, size_t alignment, size_t max) {
  if (alignment > max + max / 2) return false;
  return max != 2 || length_a == length_b + 1 || length_b == length_a + 1;
}

/// min(damerau_levenshtein(a, b), max + 1). Most pairs are settled by their lengths, by bytes that only one has, or by
/// optimal string alignment, which is bit-parallel, never less, and at most half as large again.
size_t damerau_levenshtein_within(std::string_view a, std::string_view b, size_t max);

}  // namespace linkwright
