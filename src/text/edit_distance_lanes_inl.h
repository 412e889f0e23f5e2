// A few texts against many: edit distances.

#pragma once

#include <cstddef>
#include <cstdint>

#include "text/query_batches_inl.h"

namespace linkwright {
namespace {

// Hyyro's (2003) form of Myers' algorithm; a lane is a column of the distance matrix. 13 operations a query byte, 4
// more with transpositions: names of 8 bytes cost 2 to 3 operations a pair on AVX-512. The last row is not followed:
// its value is the sum of the last column's differences.
template <typename Lane, bool kTranspositions>
class EditDistanceLanes {
  using V = Vector<Lane>;

 public:
  void add(V matches) {
    V exchanged = V{};
    if (kTranspositions) {
      const V unmatched = ~diagonal_ & matches;
      exchanged = (unmatched + unmatched) & matches_before_;
      matches_before_ = matches;
    }
    diagonal_ = (((matches & positive_) + positive_) ^ positive_) | matches | negative_ | exchanged;
    V horizontal_positive = negative_ | ~(diagonal_ | positive_);
    V horizontal_negative = positive_ & diagonal_;
    horizontal_positive = (horizontal_positive + horizontal_positive) | broadcast<Lane>(1);
    horizontal_negative = horizontal_negative + horizontal_negative;
    positive_ = horizontal_negative | ~(diagonal_ | horizontal_positive);
    negative_ = horizontal_positive & diagonal_;
  }

  V distances(V last_place, size_t query_size) const {
    // All places up to the last; none in an empty lane, to which every byte of the query is an insertion.
    const V used = last_place | ((last_place - 1) & reinterpret_cast<V>(last_place != 0));
    return broadcast<Lane>(static_cast<Lane>(query_size)) + count_bits<Lane>(positive_ & used) -
           count_bits<Lane>(negative_ & used);
  }

 private:
  V positive_ = ~V{};
  V negative_ = V{};
  V diagonal_ = V{};
  V matches_before_ = V{};
};

template <typename Lane, bool kTranspositions>
void edit_distance_rows(const uint8_t* group, LaneKernels::Queries queries, uint64_t max, uint64_t* near,
                        uint8_t* distances) {
  using V = Vector<Lane>;
  for (size_t q = 0; q < queries.count; ++q) near[q] = 0;
  for_each_batch(queries, [&]<size_t kCount>(const Query* batch, size_t at) {
    EditDistanceLanes<Lane, kTranspositions> lanes[kCount];
    for_each_place<kCount>(batch, 0, LaneKernels::kLongest, [&](size_t k, size_t i) {
      lanes[k].add(row<V>(group + at, kAlphabet + batch[k].letters[i]));
    });
    for (size_t k = 0; k < kCount; ++k) {
      const size_t q = batch[k].place;
      const V distance = lanes[k].distances(row<V>(group + at, 1), batch[k].length);
      *reinterpret_cast<V*>(distances + q * kRowBytes + at) = distance;
      const uint64_t within = byte_mask(distance <= broadcast<Lane>(static_cast<Lane>(max)));
      near[q] |= (within & lanes_at(queries.wanted[q], at)) << at;
    }
  });
}

}  // namespace
}  // namespace linkwright
