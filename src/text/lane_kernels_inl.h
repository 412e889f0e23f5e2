// A few texts against many: the kernels themselves, compiled once an instruction set.

#include <cstddef>
#include <cstdint>

#include "text/lane_kernels.h"
#include "text/lane_vectors_inl.h"

namespace linkwright {
namespace {

constexpr size_t kAlphabet = 2;  // vectors of a group before its alphabet, as in PackedStrings
constexpr size_t kLongestQuery = 64;
constexpr size_t kWinklerPrefix = 4;

// Numbers as wide as a lane.
template <typename Lane>
struct RealOf {};
template <>
struct RealOf<uint32_t> {
  using Type = float;
  using Signed = int32_t;
};
template <>
struct RealOf<uint64_t> {
  using Type = double;
  using Signed = int64_t;
};

// The part of a group's row that `group` points into.
template <typename V>
inline V row(const uint8_t* group, size_t index) {
  return *reinterpret_cast<const V*>(group + index * kRowBytes);
}

// The set bits of every lane.
template <typename Lane>
inline Vector<Lane> count_bits(Vector<Lane> vector) {
  using Bytes = Vector<uint8_t>;
  auto bytes = reinterpret_cast<Bytes>(vector);
  bytes -= (bytes >> 1) & 0x55;
  bytes = (bytes & 0x33) + ((bytes >> 2) & 0x33);
  bytes = (bytes + (bytes >> 4)) & 0x0f;
  auto lanes = reinterpret_cast<Vector<Lane>>(bytes);
  for (size_t bits = 8; bits < 8 * sizeof(Lane); bits *= 2) lanes += lanes >> bits;
  return lanes & static_cast<Lane>(0x7f);
}

// Hyyro's (2003) form of Myers' algorithm; a lane is a column of the distance matrix. 13 operations a query byte, 4
// more with transpositions: names of 8 bytes cost 2 to 3 operations a pair on AVX-512. The last row is not followed:
// its value is the sum of the last column's differences.
template <typename Lane, bool kTranspositions>
uint64_t edit_distance_lanes(const uint8_t* group, const uint8_t* query, size_t query_size, uint64_t max,
                             uint8_t* distances) {
  using V = Vector<Lane>;
  V positive = ~V{};
  V negative = V{};
  V diagonal = V{};
  V matches_before = V{};
  const V one = broadcast<Lane>(1);
  for (size_t i = 0; i < query_size; ++i) {
    const V matches = row<V>(group, kAlphabet + query[i]);
    V exchanged = V{};
    if (kTranspositions) {
      const V unmatched = ~diagonal & matches;
      exchanged = (unmatched + unmatched) & matches_before;
      matches_before = matches;
    }
    diagonal = (((matches & positive) + positive) ^ positive) | matches | negative | exchanged;
    V horizontal_positive = negative | ~(diagonal | positive);
    V horizontal_negative = positive & diagonal;
    horizontal_positive = (horizontal_positive + horizontal_positive) | one;
    horizontal_negative = horizontal_negative + horizontal_negative;
    positive = horizontal_negative | ~(diagonal | horizontal_positive);
    negative = horizontal_positive & diagonal;
  }
  const V last_place = row<V>(group, 1);
  // All places up to the last; none in an empty lane, to which every byte of the query is an insertion.
  const V used = last_place | ((last_place - 1) & reinterpret_cast<V>(last_place != 0));
  const V distance = broadcast<Lane>(static_cast<Lane>(query_size)) + count_bits<Lane>(positive & used) -
                     count_bits<Lane>(negative & used);
  *reinterpret_cast<V*>(distances) = distance;
  return byte_mask(distance <= broadcast<Lane>(static_cast<Lane>(max)));
}

// Places 0 to `reach`, lane by lane.
template <typename Lane>
inline Vector<Lane> places_up_to(Vector<Lane> reach) {
  using V = Vector<Lane>;
  const V one = broadcast<Lane>(1);
  if constexpr (sizeof(Lane) >= 4) {  // narrow lanes have no shift of their own in most instruction sets
    const V bit = one << reach;
    return bit + bit - 1;
  }
  V places = one;
  V bit = one;
  for (size_t k = 1; k < 8 * sizeof(Lane); ++k) {
    bit += bit;
    places |= bit & reinterpret_cast<V>(reach >= broadcast<Lane>(static_cast<Lane>(k)));
  }
  return places;
}

template <typename Lane>
struct RealVectorOf {
  typedef typename RealOf<Lane>::Signed Integers __attribute__((vector_size(kVectorBytes)));
  typedef typename RealOf<Lane>::Type Reals __attribute__((vector_size(kVectorBytes)));

  static Reals from(Vector<Lane> lanes) { return __builtin_convertvector(reinterpret_cast<Integers>(lanes), Reals); }
};

// Tells where the Jaro similarity may be what is asked of a lane (all ones), in single precision with room for errors:
// first as if all matches were in order. Narrow lanes have no numbers of their width, and cannot tell.
template <typename Lane, bool kTells = sizeof(Lane) >= 4>
class SimilarityNeeded {
  using V = Vector<Lane>;
  struct Sum {};

 public:
  SimilarityNeeded(V /*lengths*/, size_t /*query_size*/, const float* /*by_prefix*/) {}

  Sum sum_for(const uint8_t* /*group*/, const uint8_t* /*query*/) const { return {}; }
  V by_matches(V /*matches*/, Sum /*needed*/) const { return ~V{}; }
  V by_all(V /*matches*/, V /*misplaced*/, Sum /*needed*/) const { return ~V{}; }
};

template <typename Lane>
class SimilarityNeeded<Lane, true> {
  using V = Vector<Lane>;
  using Real = typename RealOf<Lane>::Type;
  using Integers = typename RealVectorOf<Lane>::Integers;
  using Reals = typename RealVectorOf<Lane>::Reals;

 public:
  SimilarityNeeded(V lengths, size_t query_size, const float* by_prefix)
      : query_size_(query_size),
        by_prefix_(by_prefix),
        share_(1 / RealVectorOf<Lane>::from(lengths) + 1 / static_cast<Real>(query_size)) {}

  // What three times the similarity has to be, by how much of their beginning the lane and the query have in common.
  Reals sum_for(const uint8_t* group, const uint8_t* query) const {
    constexpr Real kRoom = Real(1e-4);
    Reals needed = Reals{} + static_cast<Real>(by_prefix_[0]);
    V equal_so_far = ~V{};
    for (size_t i = 0; i < kWinklerPrefix && i < query_size_; ++i) {
      const V place = broadcast<Lane>(static_cast<Lane>(Lane{1} << i));
      equal_so_far &= reinterpret_cast<V>((row<V>(group, kAlphabet + query[i]) & place) != 0);
      const Reals of_longer = Reals{} + static_cast<Real>(by_prefix_[i + 1]);
      needed = reinterpret_cast<Integers>(equal_so_far) != 0 ? of_longer : needed;
    }
    return 3 * needed - kRoom;
  }

  V by_matches(V matches, Reals needed) const {
    return reinterpret_cast<V>(1 + RealVectorOf<Lane>::from(matches) * share_ >= needed);
  }
  V by_all(V matches, V misplaced, Reals needed) const {
    const Reals common = RealVectorOf<Lane>::from(matches);
    const Reals transposed = RealVectorOf<Lane>::from(misplaced >> 1);
    return reinterpret_cast<V>(1 + common * share_ - transposed / common >= needed);
  }

 private:
  size_t query_size_;
  const float* by_prefix_;
  Reals share_;  // of both texts together, that a match is
};

// One register of a group against queries of one length.
//
// Matches in the order of the query, each to the lowest free place within reach; then once more through the matched
// bytes, comparing them with the taken places in order.
template <typename Lane>
class JaroLanes {
  using V = Vector<Lane>;

 public:
  JaroLanes(const uint8_t* group, size_t query_size, LaneKernels::JaroNeeded needed)
      : group_(group), query_size_(query_size), similarity_(row<V>(group, 0), query_size, needed.similarity) {
    const V lengths = row<V>(group, 0);
    const V size = broadcast<Lane>(static_cast<Lane>(query_size));
    const V longer = lengths > size ? lengths : size;
    const V half = longer >> 1;
    reach_ = half - reinterpret_cast<V>((half != 0) & 1);
    within_reach_ = places_up_to<Lane>(reach_);
    fewest_ = broadcast<Lane>(static_cast<Lane>(UINT8_MAX));
    for (size_t length = needed.min_length; length <= needed.max_length; ++length) {
      const V of_length = reinterpret_cast<V>(lengths == broadcast<Lane>(static_cast<Lane>(length)));
      const V fewest_of_length = broadcast<Lane>(static_cast<Lane>(needed.matches_by_length[length]));
      fewest_ = (fewest_ & ~of_length) | (fewest_of_length & of_length);
    }
  }

  // The wanted lanes that have what is needed.
  uint64_t compare(const uint8_t* query, uint64_t wanted, uint8_t* common, uint8_t* out_of_place) const {
    const V one = broadcast<Lane>(1);
    V allowed = within_reach_;
    V taken = V{};
    V free[kLongestQuery];  // of each byte of the query, the places that it could take: the lowest is taken
    const auto match = [&](size_t i) {
      free[i] = row<V>(group_, kAlphabet + query[i]) & allowed & ~taken;
      taken |= free[i] & (V{} - free[i]);
      allowed += allowed;
    };
    // The window moves up one place a query byte, growing until its lower end leaves place 0.
    const size_t longest = 8 * sizeof(Lane) > query_size_ ? 8 * sizeof(Lane) : query_size_;
    const size_t growing = longest / 2 < query_size_ ? longest / 2 : query_size_;
    V grown = V{};
    for (size_t i = 0; i < growing; ++i) {
      match(i);
      allowed = grown < reach_ ? allowed + one : allowed;
      grown += one;
    }
    for (size_t i = growing; i < query_size_; ++i) match(i);
    const V matches = count_bits<Lane>(taken);
    const auto needed = similarity_.sum_for(group_, query);
    const V has_enough = reinterpret_cast<V>(matches >= fewest_) & similarity_.by_matches(matches, needed);
    if ((byte_mask(has_enough) & wanted) == 0) return 0;
    *reinterpret_cast<V*>(common) = matches;
    V misplaced = V{};
    for (size_t i = 0; i < query_size_; ++i) {
      const V others = taken & (taken - one);
      const V in_order = row<V>(group_, kAlphabet + query[i]) & (taken ^ others);
      misplaced = ((free[i] != 0) & (in_order == 0)) ? misplaced + one : misplaced;
      taken = free[i] != 0 ? others : taken;
    }
    *reinterpret_cast<V*>(out_of_place) = misplaced;
    return byte_mask(has_enough & similarity_.by_all(matches, misplaced, needed)) & wanted;
  }

 private:
  const uint8_t* group_;
  size_t query_size_;
  SimilarityNeeded<Lane> similarity_;
  V reach_;
  V within_reach_;
  V fewest_;
};

// Rows, register by register.
// The part of a mask that belongs to the register at hand.
inline uint64_t lanes_at(uint64_t lanes, size_t at) {
  return kVectorBytes == kRowBytes ? lanes : lanes >> at & ((uint64_t{1} << kVectorBytes % kRowBytes) - 1);
}

template <typename Lane, bool kTranspositions>
void edit_distance_rows(const uint8_t* group, LaneKernels::Queries queries, uint64_t max, uint64_t* near,
                        uint8_t* distances) {
  for (size_t q = 0; q < queries.count; ++q) {
    const uint8_t* query = queries.letters + q * queries.length;
    near[q] = 0;
    for (size_t at = 0; at < kRowBytes; at += kVectorBytes) {
      if (lanes_at(queries.wanted[q], at) == 0) continue;
      near[q] |= edit_distance_lanes<Lane, kTranspositions>(group + at, query, queries.length, max,
                                                            distances + q * kRowBytes + at)
                 << at;
    }
    near[q] &= queries.wanted[q];
  }
}

template <typename Lane>
void jaro_rows(const uint8_t* group, LaneKernels::Queries queries, LaneKernels::JaroNeeded needed, uint64_t* enough,
               uint8_t* common, uint8_t* out_of_place) {
  for (size_t q = 0; q < queries.count; ++q) enough[q] = 0;
  for (size_t at = 0; at < kRowBytes; at += kVectorBytes) {
    const JaroLanes<Lane> lanes(group + at, queries.length, needed);
    for (size_t q = 0; q < queries.count; ++q) {
      const uint64_t wanted = lanes_at(queries.wanted[q], at);
      if (wanted == 0) continue;
      enough[q] |= lanes.compare(queries.letters + q * queries.length, wanted, common + q * kRowBytes + at,
                                 out_of_place + q * kRowBytes + at)
                   << at;
    }
  }
}

constexpr LaneKernels kLaneKernels = {
    {edit_distance_rows<uint8_t, false>, edit_distance_rows<uint16_t, false>, edit_distance_rows<uint32_t, false>,
     edit_distance_rows<uint64_t, false>},
    {edit_distance_rows<uint8_t, true>, edit_distance_rows<uint16_t, true>, edit_distance_rows<uint32_t, true>,
     edit_distance_rows<uint64_t, true>},
    {jaro_rows<uint8_t>, jaro_rows<uint16_t>, jaro_rows<uint32_t>, jaro_rows<uint64_t>},
};

}  // namespace
}  // namespace linkwright
