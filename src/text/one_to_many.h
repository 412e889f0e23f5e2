#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "text/jaro_cutoff.h"
#include "text/jaro_winkler_rounding.h"
#include "text/near_text.h"
#include "text/packed_strings.h"
#include "text/simd_level.h"

namespace linkwright {

// One text against many, lane by lane. Each names the texts of `packed` within the cutoff, in an order that depends on
// the texts only, with exactly what the function for two texts gives, and returns how many those are. `near` has room
// for packed.size(). Few texts of a block are near one of them, so nothing is said of the others. Measured costs are in
// docs/performance.md. Thread-safe.

/// Texts with levenshtein(query, text) <= max; max is at most 254.
size_t levenshtein_one_to_many(std::string_view query, const PackedStrings& packed, uint8_t max,
                               std::span<NearText> near, SimdLevel level = best_simd_level());

/// Texts with damerau_levenshtein(query, text) <= max; max is at most 254. Optimal string alignment in lanes settles
/// most.
size_t damerau_levenshtein_one_to_many(std::string_view query, const PackedStrings& packed, uint8_t max,
                                       std::span<NearText> near, SimdLevel level = best_simd_level());

/// Texts whose similarity is the cutoff or more, and above 0.
size_t jaro_one_to_many(std::string_view query, const PackedStrings& packed, const JaroCutoff& cutoff,
                        std::span<NearText> near, SimdLevel level = best_simd_level());
size_t jaro_winkler_one_to_many(std::string_view query, const PackedStrings& packed, JaroWinklerRounding rounding,
                                const JaroCutoff& cutoff, std::span<NearText> near,
                                SimdLevel level = best_simd_level());

}  // namespace linkwright
