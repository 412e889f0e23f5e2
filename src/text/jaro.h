#pragma once

#include <cstddef>
#include <string_view>

#include "text/jaro_winkler_rounding.h"

namespace linkwright {

/// Jaro similarity in bytes, 0 to 1. Two empty texts have 0, as in DuckDB (rapidfuzz: 1). Thread-safe.
/// Source: Jaro (1989); bit for bit DuckDB's jaro_similarity: half the transpositions are rounded down, and the three
/// shares are added in the order of the definition.
double jaro(std::string_view a, std::string_view b);

/// Jaro similarity with Winkler's (1990) bonus of a tenth of what is missing to 1 for each of up to four equal leading
/// bytes, given above 0.7 only. Bit for bit DuckDB's jaro_winkler_similarity, in the rounding of its version.
double jaro_winkler(std::string_view a, std::string_view b, JaroWinklerRounding rounding);

/// The last steps of both, for kernels that count matches themselves: `common` matches, of which `out_of_place` are not
/// in the same order (before halving).
double jaro_of_counts(size_t length_a, size_t length_b, size_t common, size_t out_of_place);
double add_winkler_bonus(double jaro, size_t common_prefix, JaroWinklerRounding rounding);

/// Equal leading bytes, at most 4.
size_t winkler_prefix(std::string_view a, std::string_view b);

}  // namespace linkwright
