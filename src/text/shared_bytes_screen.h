#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "text/byte_signature.h"
#include "text/jaro_cutoff.h"

namespace linkwright {

/// Which of up to 64 short texts can be near another, as far as the bytes that they share tell: a few instructions for
/// eight texts, and no text is read. Reused from one set of texts to the next.
class SharedBytesScreen {
 public:
  static constexpr size_t kMostTexts = 64;

  void clear() { size_ = 0; }
  /// A text of up to ByteSignature::kLongest bytes.
  void add(std::string_view text);
  ByteSignature signature(size_t place) const { return {low_[place], high_[place]}; }

  /// A text that is held against those of the screen.
  struct Query {
    std::string_view text;
    ByteSignature signature;
  };

  /// Bit k: text k may reach the cutoff. Every match takes a byte that both texts have.
  uint64_t may_reach(const Query& query, const JaroCutoff& cutoff, bool vectors = has_vectors()) const;

  /// Bit k: text k may be within so many insertions, deletions and substitutions (and transpositions). Every byte of
  /// the longer text that the other does not have costs an edit of its own.
  uint64_t may_be_within(const Query& query, size_t edits, bool vectors = has_vectors()) const;

  /// Whether this processor counts the bits of eight signatures at once; tests force both ways.
  static bool has_vectors();

 private:
  struct Reach;
  struct Edits;
  template <typename Condition>
  uint64_t where(const Condition& condition, ByteSignature signature, bool vectors) const;
  template <typename Condition>
  uint64_t where_by_vectors(const Condition& condition, ByteSignature signature) const;

  size_t size_ = 0;
  // Signatures and what else is asked of texts, side by side.
  alignas(64) std::array<uint64_t, kMostTexts> low_{};
  alignas(64) std::array<uint64_t, kMostTexts> high_{};
  alignas(64) std::array<int32_t, kMostTexts> lengths_{};
  alignas(64) std::array<int32_t, kMostTexts> first_bytes_{};
  alignas(64) std::array<float, kMostTexts> inverse_lengths_{};
};

}  // namespace linkwright
