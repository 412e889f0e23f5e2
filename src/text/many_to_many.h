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

/// A few texts that are to be compared with many.
struct TextQueries {
  std::span<const std::string_view> texts;  // at most kMost
  // The first of the many that each has to meet, as a record meets those behind it only; of pairs before that, some may
  // be named and some not. Empty: all.
  std::span<const uint32_t> firsts = {};

  static constexpr size_t kMost = 64;
  size_t first(size_t query) const { return firsts.empty() ? 0 : firsts[query]; }
};

// A few texts against many, lane by lane. Each names the pairs within the cutoff, in an order that depends on the texts
// only, with exactly what the function for two texts gives, and returns how many those are: query q and text t are
// number q * packed.size() + t. `near` has room for all pairs. Few texts of a block are near one another, so nothing is
// said of the others. Measured costs are in docs/performance.md. Thread-safe.

/// Texts with levenshtein(query, text) <= max; max is at most 254.
size_t levenshtein_many_to_many(const TextQueries& queries, const PackedStrings& packed, uint8_t max,
                                std::span<NearText> near, SimdLevel level = best_simd_level());

/// Texts with damerau_levenshtein(query, text) <= max; max is at most 254. Optimal string alignment in lanes settles
/// most.
size_t damerau_levenshtein_many_to_many(const TextQueries& queries, const PackedStrings& packed, uint8_t max,
                                        std::span<NearText> near, SimdLevel level = best_simd_level());

/// Texts whose similarity is the cutoff or more, and above 0.
size_t jaro_many_to_many(const TextQueries& queries, const PackedStrings& packed, const JaroCutoff& cutoff,
                         std::span<NearText> near, SimdLevel level = best_simd_level());
size_t jaro_winkler_many_to_many(const TextQueries& queries, const PackedStrings& packed, JaroWinklerRounding rounding,
                                 const JaroCutoff& cutoff, std::span<NearText> near,
                                 SimdLevel level = best_simd_level());

}  // namespace linkwright
