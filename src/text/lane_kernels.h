#pragma once

#include <cstddef>
#include <cstdint>

namespace linkwright {

/// A few texts against the lanes of one group of PackedStrings. Pointers to results are to 64-byte vectors, aligned to
/// 64, one a query. Implemented in lane_kernels_inl.h, compiled once an instruction set.
struct LaneKernels {
  static constexpr size_t kLongest = 64;  // of queries and texts in lanes

  /// Texts one after the other, the shortest first, their bytes as letters of the alphabet.
  struct Queries {
    const uint8_t* letters;
    const uint8_t* lengths;  // at most kLongest
    size_t count;
    const uint64_t* wanted;  // the lanes that each is to be compared with
  };
  // Lanes are named by a mask with a bit for each of a vector's 64 bytes: those of a lane are all set or none.

  /// distances: the Levenshtein distance of every lane, in its lane width, in registers with a lane that is wanted.
  /// near: the wanted lanes where it is `max` or less.
  using Levenshtein = void (*)(const uint8_t* group, Queries queries, uint64_t max, uint64_t* near, uint8_t* distances);

  /// The same for optimal string alignment: Levenshtein with the exchange of two neighbours, no byte edited twice.
  using Alignment = Levenshtein;

  /// What a lane needs to be worth a second look: so many matches by the lengths of its text and the query's (the group
  /// has those from min_length to max_length), or, in lanes of 4 and 8 bytes, which can tell, the Jaro similarity asked
  /// of texts with 0, 1, 2, 3 or 4 equal leading bytes.
  struct JaroNeeded {
    const uint8_t* matches;  // of lengths 0 to kLongest, row by row of the query's length
    size_t min_length;
    size_t max_length;
    const float* similarity;
  };

  /// common, out_of_place: the matches of every lane and how many of them are out of order. enough: the wanted lanes
  /// that have what is needed; where there is none, the other two are left as they were. Queries
  /// that want a lane have 1 byte or more.
  using Jaro = void (*)(const uint8_t* group, Queries queries, JaroNeeded needed, uint64_t* enough, uint8_t* common,
                        uint8_t* out_of_place);

  /// For lanes of 1, 2, 4 and 8 bytes.
  Levenshtein levenshtein[4];
  Alignment alignment[4];
  Jaro jaro[4];
};

extern const LaneKernels kBaselineLaneKernels;
extern const LaneKernels kAvx2LaneKernels;
extern const LaneKernels kAvx512LaneKernels;

}  // namespace linkwright
