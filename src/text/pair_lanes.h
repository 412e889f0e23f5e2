#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "text/jaro_cutoff.h"
#include "text/jaro_winkler_rounding.h"
#include "text/near_text.h"
#include "text/pair_lane_kernels.h"
#include "text/simd_level.h"

namespace linkwright {

struct TextPair {
  std::string_view left;
  std::string_view right;
};

/// Many pairs of texts at once, one pair a byte lane: for the pairs of small blocks, where no text meets enough others
/// to be worth preparing (many_to_many.h). Pairs are sorted by length, 64 are laid side by side, and then compared
/// place by place: a cell of the distance matrix, or one look at whether two bytes match, is a few instructions for 64
/// pairs. Pairs with a text of more than 64 bytes go to the function for two texts.
///
/// Each call names the pairs within the cutoff, in an order that depends on the texts only, with exactly what the
/// function for two texts gives, and returns how many those are. `near` has room for all pairs. Costs are in
/// docs/performance.md. Holds the memory it works in: one a thread.
class PairLanes {
 public:
  /// Pairs with levenshtein(left, right) <= max; max is at most 254.
  size_t levenshtein(std::span<const TextPair> pairs, uint8_t max, std::span<NearText> near,
                     SimdLevel level = best_simd_level());

  /// Pairs with damerau_levenshtein(left, right) <= max; max is at most 254. Optimal string alignment in lanes settles
  /// most.
  size_t damerau_levenshtein(std::span<const TextPair> pairs, uint8_t max, std::span<NearText> near,
                             SimdLevel level = best_simd_level());

  /// Pairs whose similarity is the cutoff or more, and above 0.
  size_t jaro(std::span<const TextPair> pairs, const JaroCutoff& cutoff, std::span<NearText> near,
              SimdLevel level = best_simd_level());
  size_t jaro_winkler(std::span<const TextPair> pairs, JaroWinklerRounding rounding, const JaroCutoff& cutoff,
                      std::span<NearText> near, SimdLevel level = best_simd_level());

 private:
  static constexpr size_t kLanes = 64;
  static constexpr size_t kLongest = 64;

  using Row = std::array<uint8_t, kLanes>;

  // A pair whose lengths do not settle it.
  struct Candidate {
    const char* shorter;
    const char* longer;
    uint32_t pair;
    uint8_t shorter_length;
    uint8_t longer_length;
    uint8_t fewest_matches;  // of Jaro
  };
  // One text of each of the pairs at hand, place by place.
  struct Side {
    alignas(kLanes) std::array<Row, kLongest> places;
    alignas(kLanes) Row lengths;
  };

  void add_if(bool possible, const TextPair& pair, uint32_t index, uint8_t fewest_matches = 0);
  template <typename Add, typename CompareLong>
  void collect(std::span<const TextPair> pairs, const Add& add, const CompareLong& compare_long);
  template <typename CompareLong>
  void collect_within(std::span<const TextPair> pairs, size_t max, const CompareLong& compare_long);
  void sort();
  PairLaneGroup lay_out(std::span<const Candidate> lanes);
  template <typename Work>
  void for_each_group(const Work& work);
  template <typename Finish>
  void for_each_jaro(std::span<const TextPair> pairs, const JaroCutoff& cutoff, SimdLevel level, const Finish& finish);

  std::vector<Candidate> candidates_;
  size_t num_candidates_ = 0;
  std::vector<Candidate> sorted_;  // by the longer text's length
  Side shorter_;
  Side longer_;
  alignas(kLanes) Row fewest_;
  alignas(kLanes) Row first_result_;  // distances or matches
  alignas(kLanes) Row out_of_place_;
};

}  // namespace linkwright
