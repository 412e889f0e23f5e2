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

// All ones where the Jaro similarity may be what the lane's prefix asks for: in single precision, with room for errors.
template <typename Lane>
inline Vector<Lane> similar_enough(const uint8_t* group, const uint8_t* query, size_t query_size, Vector<Lane> matches,
                                   Vector<Lane> misplaced, const float* needed_by_prefix) {
  using Real = typename RealOf<Lane>::Type;
  using Signed = typename RealOf<Lane>::Signed;
  typedef Signed Integers __attribute__((vector_size(kVectorBytes)));
  typedef Real Reals __attribute__((vector_size(kVectorBytes)));
  constexpr Real kRoom = Real(1e-4);
  const auto real = [](Vector<Lane> lanes) {
    return __builtin_convertvector(reinterpret_cast<Integers>(lanes), Reals);
  };
  Reals needed = Reals{} + static_cast<Real>(needed_by_prefix[0]);
  Vector<Lane> equal_so_far = ~Vector<Lane>{};
  for (size_t i = 0; i < kWinklerPrefix && i < query_size; ++i) {
    const Vector<Lane> place = broadcast<Lane>(static_cast<Lane>(Lane{1} << i));
    equal_so_far &= reinterpret_cast<Vector<Lane>>((row<Vector<Lane>>(group, kAlphabet + query[i]) & place) != 0);
    const Reals of_longer = Reals{} + static_cast<Real>(needed_by_prefix[i + 1]);
    needed = reinterpret_cast<Integers>(equal_so_far) != 0 ? of_longer : needed;
  }
  const Reals common = real(matches);
  const Reals length = real(row<Vector<Lane>>(group, 0));
  const Reals shares = 1 + common / static_cast<Real>(query_size) +
                       (common * common - real(misplaced >> 1) * length) / (length * common);
  return reinterpret_cast<Vector<Lane>>(shares >= 3 * needed - kRoom);
}

// One register of a group against queries of one length.
//
// Matches in the order of the query, each to the lowest free place within reach; then once more through the matched
// bytes, comparing them with the taken places in order.
template <typename Lane>
class JaroLanes {
  using V = Vector<Lane>;

 public:
  JaroLanes(const uint8_t* group, size_t query_size, LaneKernels::JaroNeeded needed)
      : group_(group), query_size_(query_size), needed_similarity_(needed.similarity) {
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
    V matches = V{};
    V matched[kLongestQuery];
    const auto match = [&](size_t i) {
      const V free = row<V>(group_, kAlphabet + query[i]) & allowed & ~taken;
      taken |= free & (V{} - free);
      matched[i] = reinterpret_cast<V>(free != 0);
      matches -= matched[i];
      allowed += allowed;
    };
    // The window moves up one place a query byte, growing until its lower end leaves place 0.
    const size_t longest = 8 * sizeof(Lane) > query_size_ ? 8 * sizeof(Lane) : query_size_;
    const size_t growing = longest / 2 < query_size_ ? longest / 2 : query_size_;
    for (size_t i = 0; i < growing; ++i) {
      match(i);
      allowed |= one & reinterpret_cast<V>(broadcast<Lane>(static_cast<Lane>(i)) < reach_);
    }
    for (size_t i = growing; i < query_size_; ++i) match(i);
    V has_enough = reinterpret_cast<V>(matches >= fewest_);
    if constexpr (sizeof(Lane) >= 4) {
      has_enough &= similar_enough<Lane>(group_, query, query_size_, matches, V{}, needed_similarity_);
    }
    if ((byte_mask(has_enough) & wanted) == 0) return 0;
    *reinterpret_cast<V*>(common) = matches;
    V misplaced = V{};
    for (size_t i = 0; i < query_size_; ++i) {
      const V lowest = taken & (V{} - taken);
      const V differs = reinterpret_cast<V>((row<V>(group_, kAlphabet + query[i]) & lowest) == 0);
      misplaced -= differs & matched[i];
      taken ^= lowest & matched[i];
    }
    *reinterpret_cast<V*>(out_of_place) = misplaced;
    if constexpr (sizeof(Lane) >= 4) {
      has_enough &= similar_enough<Lane>(group_, query, query_size_, matches, misplaced, needed_similarity_);
    }
    return byte_mask(has_enough) & wanted;
  }

 private:
  const uint8_t* group_;
  size_t query_size_;
  const float* needed_similarity_;
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
