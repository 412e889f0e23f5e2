#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace linkwright {

/// A lowest similarity of interest, with what follows from it for texts of each two lengths. Made once, used for many
/// calls; about 28 KiB. Immutable.
class JaroCutoff {
 public:
  static JaroCutoff of_jaro(double similarity);
  static JaroCutoff of_jaro_winkler(double similarity);

  double similarity() const { return similarity_; }
  /// What Jaro alone has to give for texts with 0, 1, 2, 3 or 4 equal leading bytes.
  const std::array<float, 5>& needed_by_prefix() const { return needed_by_prefix_; }
  /// The fewest matching bytes that can be enough; more than either length where no number is. Lengths up to 64.
  uint8_t fewest_matches(size_t length_a, size_t length_b) const { return fewest_[kAny][length_a][length_b]; }
  /// The same of texts whose first bytes differ, which have no bonus of Winkler's: often many more.
  uint8_t fewest_matches_of_strangers(size_t length_a, size_t length_b) const {
    return fewest_[kStrangers][length_a][length_b];
  }
  /// That of the two which is for these texts, of up to 64 bytes.
  uint8_t fewest_matches(std::string_view a, std::string_view b) const {
    const bool strangers = a.empty() || b.empty() || a.front() != b.front();
    return fewest_[strangers ? kStrangers : kAny][a.size()][b.size()];  // not to be foretold, so without a branch
  }
  /// fewest_matches() of lengths 0 to kLongest, row by row.
  static constexpr size_t kLongest = 64;
  const uint8_t* fewest_matches_table() const { return fewest_[kAny][0].data(); }
  /// The most matches out of place that can be similar enough; for matches >= fewest_matches(), text b of at most
  /// kLongestNarrow.
  static constexpr size_t kLongestNarrow = 16;
  uint8_t most_out_of_place(size_t length_a, size_t length_b, size_t matches) const {
    return most_out_of_place_[length_a][length_b][matches];
  }
  /// Whether texts of these lengths, of any size, can be similar enough.
  bool reachable(size_t length_a, size_t length_b) const {
    return length_a > kLongest || length_b > kLongest || fewest_matches(length_a, length_b) != kUnreachable;
  }

 private:
  JaroCutoff(double similarity, const std::array<double, 5>& jaro_needed_by_prefix);

  enum Pair : uint8_t { kAny, kStrangers };
  static constexpr uint8_t kUnreachable = UINT8_MAX;
  static uint8_t fewest_for(double shares, size_t length_a, size_t length_b);

  double similarity_;
  std::array<float, 5> needed_by_prefix_;
  std::array<std::array<std::array<uint8_t, kLongest + 1>, kLongest + 1>, 2> fewest_;  // of each kind of pair
  std::array<std::array<std::array<uint8_t, kLongestNarrow + 1>, kLongestNarrow + 1>, kLongest + 1> most_out_of_place_;
};

}  // namespace linkwright
