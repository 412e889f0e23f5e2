#pragma once

#include <cstddef>
#include <cstdint>

namespace linkwright {

/// 64 pairs of texts side by side, a byte lane a pair; the shorter and the longer text of each. Rows are of 64 bytes,
/// aligned to 64. Lanes beyond the last pair hold two empty texts.
struct PairLaneGroup {
  const uint8_t* shorter;  // the texts' bytes, place by place: as many rows as the longest of them has bytes
  const uint8_t* longer;
  const uint8_t* shorter_lengths;  // one row
  const uint8_t* longer_lengths;
  size_t least_shorter;  // over the lanes in use
  size_t most_shorter;
  size_t least_longer;
  size_t most_longer;  // at most 64
};

/// Implemented in pair_lane_kernels_inl.h, compiled once an instruction set.
struct PairLaneKernels {
  /// distances: of every lane, exact up to `max`. No two lengths of a lane may be more than `max` apart.
  using EditDistance = void (*)(const PairLaneGroup& group, size_t max, uint8_t* distances);

  /// matches, out_of_place: of every lane, as jaro() counts them. Returns, bit by bit, the lanes with `fewest` matches
  /// or more; only for those out_of_place counts.
  using Jaro = uint64_t (*)(const PairLaneGroup& group, const uint8_t* fewest, uint8_t* matches, uint8_t* out_of_place);

  EditDistance levenshtein;
  EditDistance alignment;  // optimal string alignment: with exchanges of neighbours, no byte edited twice
  Jaro jaro;
};

extern const PairLaneKernels kBaselinePairLaneKernels;
extern const PairLaneKernels kAvx2PairLaneKernels;
extern const PairLaneKernels kAvx512PairLaneKernels;

}  // namespace linkwright
