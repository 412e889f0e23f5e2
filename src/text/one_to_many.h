#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "text/jaro_winkler_rounding.h"
#include "text/packed_strings.h"
#include "text/simd_level.h"

namespace linkwright {

// One text against many, lane by lane. Each fills result[i] for text i of `packed` (result has packed.size() entries)
// with exactly what the function for two texts gives, and tells whether any text came within the cutoff. Measured costs
// are in docs/performance.md. Thread-safe.

/// min(levenshtein, max + 1); max is at most 254.
bool levenshtein_one_to_many(std::string_view query, const PackedStrings& packed, uint8_t max,
                             std::span<uint8_t> result, SimdLevel level = best_simd_level());

/// min(damerau_levenshtein, max + 1); max is at most 254. Optimal string alignment in lanes settles most.
bool damerau_levenshtein_one_to_many(std::string_view query, const PackedStrings& packed, uint8_t max,
                                     std::span<uint8_t> result, SimdLevel level = best_simd_level());

/// A lowest similarity of interest, with what follows from it for texts of each two lengths. Made once, used for many
/// calls; about 4 KiB. Immutable.
class JaroCutoff {
 public:
  static JaroCutoff of_jaro(double similarity);
  static JaroCutoff of_jaro_winkler(double similarity);

  double similarity() const { return similarity_; }
  /// The fewest matching bytes that can be enough; more than either length where no number is. Lengths up to 64.
  uint8_t fewest_matches(size_t length_a, size_t length_b) const { return fewest_[length_a][length_b]; }
  /// Whether texts of these lengths, of any size, can be similar enough.
  bool reachable(size_t length_a, size_t length_b) const {
    return length_a > kLongest || length_b > kLongest || fewest_[length_a][length_b] != kUnreachable;
  }

 private:
  JaroCutoff(double similarity, double jaro_needed);

  static constexpr size_t kLongest = 64;
  static constexpr uint8_t kUnreachable = UINT8_MAX;

  double similarity_;
  std::array<std::array<uint8_t, kLongest + 1>, kLongest + 1> fewest_;
};

/// The similarity where it is the cutoff or more, 0 elsewhere.
bool jaro_one_to_many(std::string_view query, const PackedStrings& packed, const JaroCutoff& cutoff,
                      std::span<double> result, SimdLevel level = best_simd_level());
bool jaro_winkler_one_to_many(std::string_view query, const PackedStrings& packed, JaroWinklerRounding rounding,
                              const JaroCutoff& cutoff, std::span<double> result, SimdLevel level = best_simd_level());

}  // namespace linkwright
