#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>

namespace linkwright {

/// The bytes that a text has, each once.
class ByteSet {
 public:
  ByteSet() = default;
  explicit ByteSet(std::string_view text) {
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      words_[byte / 64] |= uint64_t{1} << (byte % 64);
    }
  }

  bool empty() const { return (words_[0] | words_[1] | words_[2] | words_[3]) == 0; }
  bool operator==(const ByteSet&) const = default;

  /// How many bytes two sets share over how many either has; NaN for two empty sets.
  friend double jaccard(const ByteSet& a, const ByteSet& b) {
    int shared = 0;
    int either = 0;
    for (size_t i = 0; i < a.words_.size(); ++i) {
      shared += std::popcount(a.words_[i] & b.words_[i]);
      either += std::popcount(a.words_[i] | b.words_[i]);
    }
    return static_cast<double>(shared) / static_cast<double>(either);
  }

 private:
  std::array<uint64_t, 4> words_{};
};

/// Jaccard similarity of the sets of bytes of two texts: how many bytes they share over how many either has. 1 for
/// anagrams. NaN for two empty texts; DuckDB, whose jaccard this equals, refuses empty texts.
inline double jaccard(std::string_view a, std::string_view b) { return jaccard(ByteSet(a), ByteSet(b)); }

}  // namespace linkwright
