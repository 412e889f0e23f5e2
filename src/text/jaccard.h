#pragma once

#include <bitset>
#include <string_view>

namespace linkwright {

/// Jaccard similarity of the sets of bytes of two texts: how many bytes they share over how many either has. 1 for
/// anagrams. NaN for two empty texts; DuckDB, whose jaccard this equals, refuses empty texts.
inline double jaccard(std::string_view a, std::string_view b) {
  const auto bytes_of = [](std::string_view text) {
    std::bitset<256> bytes;
    for (const char c : text) bytes.set(static_cast<unsigned char>(c));
    return bytes;
  };
  const std::bitset<256> of_a = bytes_of(a);
  const std::bitset<256> of_b = bytes_of(b);
  return static_cast<double>((of_a & of_b).count()) / static_cast<double>((of_a | of_b).count());
}

}  // namespace linkwright
