#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "text/jaro_winkler_rounding.h"
#include "text/packed_strings.h"
#include "text/simd_level.h"

namespace linkwright {

// One text against many, lane by lane. Each fills result[i] for text i of `packed` (result has packed.size() entries)
// with exactly what the function for two texts gives. Measured costs are in docs/performance.md. Thread-safe.

/// min(levenshtein, max + 1); max is at most 254.
void levenshtein_one_to_many(std::string_view query, const PackedStrings& packed, uint8_t max, std::span<uint8_t> result,
                             SimdLevel level = best_simd_level());

/// min(damerau_levenshtein, max + 1); max is at most 254. Optimal string alignment in lanes settles most.
void damerau_levenshtein_one_to_many(std::string_view query, const PackedStrings& packed, uint8_t max,
                                     std::span<uint8_t> result, SimdLevel level = best_simd_level());

/// The similarity where it is `cutoff` or more, 0 elsewhere.
void jaro_one_to_many(std::string_view query, const PackedStrings& packed, double cutoff, std::span<double> result,
                      SimdLevel level = best_simd_level());
void jaro_winkler_one_to_many(std::string_view query, const PackedStrings& packed, JaroWinklerRounding rounding,
                              double cutoff, std::span<double> result, SimdLevel level = best_simd_level());

}  // namespace linkwright
