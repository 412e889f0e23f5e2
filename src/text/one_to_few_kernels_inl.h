// The kernels that compare one text with some others, compiled once an instruction set: see lane_vectors_inl.h.

#pragma once

#include "text/jaro_match_inl.h"
#include "text/lane_vectors_inl.h"
#include "text/one_to_few_kernels.h"

namespace linkwright {
namespace {

// The bytes of a text in a few registers: one holds all 64 with AVX-512.
template <size_t kVectors>
class TextVectors {
 public:
  TextVectors(const char* text, size_t length)
      : used_(length == kRowBytes ? ~uint64_t{0} : (uint64_t{1} << length) - 1) {
    alignas(kRowBytes) char bytes[kRowBytes] = {};
    __builtin_memcpy(bytes, text, length);
    __builtin_memcpy(vectors_, bytes, sizeof(vectors_));
  }

  uint64_t positions_of(char c) const {
    uint64_t positions = 0;
    for (size_t k = 0; k < kVectors; ++k) {
      positions |= byte_mask(reinterpret_cast<Vector<uint8_t>>(vectors_[k] == broadcast(static_cast<uint8_t>(c))))
                   << (k * kVectorBytes % kRowBytes);
    }
    return positions & used_;
  }

 private:
  Vector<uint8_t> vectors_[kVectors];
  uint64_t used_;
};

template <size_t kVectors>
void jaro_of_others(const char* text, size_t length, OneToFewKernels::Other* others, size_t count) {
  const TextVectors<kVectors> pattern(text, length);
  for (size_t k = 0; k < count; ++k) {
    OneToFewKernels::Other& other = others[k];
    const size_t longer = length > other.length ? length : other.length;
    const size_t window = longer < 2 ? 0 : longer / 2 - 1;
    const JaroMatches matches = match_by_bits(pattern, other.text, other.length, window, other.fewest_matches);
    other.common = static_cast<uint8_t>(matches.common);
    other.out_of_place = static_cast<uint8_t>(matches.out_of_place);
  }
}

void jaro_one_to_few_lanes(const char* text, size_t length, OneToFewKernels::Other* others, size_t count) {
  constexpr size_t kMost = kRowBytes / kVectorBytes;
  if (length <= kVectorBytes) return jaro_of_others<1>(text, length, others, count);
  if (length <= 2 * kVectorBytes) return jaro_of_others<kMost < 2 ? kMost : 2>(text, length, others, count);
  jaro_of_others<kMost>(text, length, others, count);
}

constexpr OneToFewKernels kOneToFewKernels = {jaro_one_to_few_lanes};

}  // namespace
}  // namespace linkwright
