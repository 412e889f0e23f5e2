#pragma once

#include <cstddef>
#include <string_view>

namespace linkwright {

/// Unrestricted Damerau-Levenshtein distance in bytes: as Levenshtein, with the exchange of two neighbours as a fourth
/// edit, also where more edits fall between them ("ca" to "abc" is 2, where optimal string alignment says 3).
/// O(n * m) time. Thread-safe. Source: Damerau (1964), Lowrance and Wagner (1975), in the linear memory of Zhao and
/// Sahni (2019); equal to DuckDB's damerau_levenshtein.
size_t damerau_levenshtein(std::string_view a, std::string_view b);

/// min(damerau_levenshtein(a, b), max + 1). Most pairs are settled by their lengths, by bytes that only one has, or by
/// optimal string alignment, which is bit-parallel, never less, and at most half as large again.
size_t damerau_levenshtein_within(std::string_view a, std::string_view b, size_t max);

}  // namespace linkwright
