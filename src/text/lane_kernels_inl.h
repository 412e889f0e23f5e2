// A few texts against many: the kernels themselves, compiled once an instruction set.

#include <cstddef>
#include <cstdint>

#include "text/lane_kernels.h"
#include "text/lane_vectors_inl.h"

namespace linkwright {
namespace {

constexpr size_t kAlphabet = 2;  // vectors of a group before its alphabet, as in PackedStrings
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

// Queries that are compared at once with a register of a group. Each is a chain of operations that wait for one
// another, so that a few side by side take little longer than one; more would not fit the registers.
#if defined(__AVX512BW__)
constexpr size_t kAtOnce = 4;
#else
constexpr size_t kAtOnce = 2;
#endif

// The queries at hand come the shortest first.
struct Query {
  const uint8_t* letters;
  size_t length;
  size_t place;  // among the queries
};

// Calls visit(k, i) for the places i, from begin to end, of every query k, place by place.
template <size_t kCount, size_t kFirst = 0, typename Visit>
inline __attribute__((always_inline)) void for_each_place(const Query* queries, size_t begin, size_t end,
                                                          const Visit& visit) {
  if constexpr (kFirst < kCount) {
    size_t i = begin;
    for (; i < queries[kFirst].length && i < end; ++i) {
#pragma GCC unroll 4
      for (size_t k = kFirst; k < kCount; ++k) visit(k, i);
    }
    for_each_place<kCount, kFirst + 1>(queries, i, end, visit);
  }
}

// The part of a mask that belongs to the register at hand.
inline uint64_t lanes_at(uint64_t lanes, size_t at) {
  return kVectorBytes == kRowBytes ? lanes : lanes >> at & ((uint64_t{1} << kVectorBytes % kRowBytes) - 1);
}

// Calls compare<kCount>(queries, at) for kCount of the queries that want something of the register at byte `at` of a
// row, for each register: for kAtOnce, of which the last repeats where they are fewer, or for one that is alone.
template <typename Compare>
inline void for_each_batch(LaneKernels::Queries queries, const Compare& compare) {
  for (size_t at = 0; at < kRowBytes; at += kVectorBytes) {
    Query batch[kAtOnce];
    size_t size = 0;
    const uint8_t* letters = queries.letters;
    for (size_t q = 0; q < queries.count; ++q) {
      const uint8_t* const query = letters;
      letters += queries.lengths[q];
      if (lanes_at(queries.wanted[q], at) == 0) continue;
      batch[size++] = {query, queries.lengths[q], q};
      if (size < kAtOnce) continue;
      compare.template operator()<kAtOnce>(batch, at);
      size = 0;
    }
    if (size == 0) continue;
    if (size == 1) {
      compare.template operator()<1>(batch, at);
      continue;
    }
    for (; size < kAtOnce; ++size) batch[size] = batch[size - 1];
    compare.template operator()<kAtOnce>(batch, at);
  }
}

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

// Tells where the Jaro similarity may be what is asked of a lane (all ones) of texts of one length: first as if all
// matches were in order, in single precision with room for errors. Narrow lanes have no numbers of their width, and
// know the fewest matches that can be enough.
template <typename Lane, bool kNarrow = sizeof(Lane) < 4>
class SimilarityNeeded {
  using V = Vector<Lane>;

 public:
  SimilarityNeeded() = default;
  SimilarityNeeded(const uint8_t* group, size_t query_size, LaneKernels::JaroNeeded needed)
      : fewest_(broadcast<Lane>(static_cast<Lane>(UINT8_MAX))) {
    const V lengths = row<V>(group, 0);
    for (size_t length = needed.min_length; length <= needed.max_length; ++length) {
      const V of_length = reinterpret_cast<V>(lengths == broadcast<Lane>(static_cast<Lane>(length)));
      const V fewest_of_length =
          broadcast<Lane>(static_cast<Lane>(needed.matches[query_size * (LaneKernels::kLongest + 1) + length]));
      fewest_ = (fewest_ & ~of_length) | (fewest_of_length & of_length);
    }
  }

  struct Sum {};
  Sum sum_for(const uint8_t* /*group*/, const uint8_t* /*query*/) const { return {}; }
  V by_matches(V matches, Sum /*needed*/) const { return reinterpret_cast<V>(matches >= fewest_); }
  V by_all(V /*matches*/, V /*misplaced*/, Sum /*needed*/) const { return ~V{}; }

 private:
  V fewest_;
};

template <typename Lane>
class SimilarityNeeded<Lane, false> {
  using V = Vector<Lane>;
  using Real = typename RealOf<Lane>::Type;
  using Integers = typename RealVectorOf<Lane>::Integers;
  using Reals = typename RealVectorOf<Lane>::Reals;

 public:
  SimilarityNeeded() = default;
  SimilarityNeeded(const uint8_t* group, size_t query_size, LaneKernels::JaroNeeded needed)
      : query_size_(query_size),
        by_prefix_(needed.similarity),
        share_(1 / RealVectorOf<Lane>::from(row<V>(group, 0)) + 1 / static_cast<Real>(query_size)) {}

  // What three times the similarity has to be, by how much of their beginning the lane and the query have in common.
  using Sum = Reals;
  Sum sum_for(const uint8_t* group, const uint8_t* query) const {
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

  V by_matches(V matches, Sum needed) const {
    return reinterpret_cast<V>(1 + RealVectorOf<Lane>::from(matches) * share_ >= needed);
  }
  V by_all(V matches, V misplaced, Sum needed) const {
    const Reals common = RealVectorOf<Lane>::from(matches);
    const Reals transposed = RealVectorOf<Lane>::from(misplaced >> 1);
    return reinterpret_cast<V>(1 + common * share_ - transposed / common >= needed);
  }

 private:
  size_t query_size_ = 0;
  const float* by_prefix_ = nullptr;
  Reals share_;  // of both texts together, that a match is
};

// What the lanes of a register are to queries of one length.
template <typename Lane>
struct JaroLanes {
  using V = Vector<Lane>;

  JaroLanes() = default;
  JaroLanes(const uint8_t* group, size_t query_size, LaneKernels::JaroNeeded needed)
      : similarity(group, query_size, needed) {
    const V lengths = row<V>(group, 0);
    const V size = broadcast<Lane>(static_cast<Lane>(query_size));
    const V longer = lengths > size ? lengths : size;
    const V half = longer >> 1;
    reach = half - reinterpret_cast<V>((half != 0) & 1);
    within_reach = places_up_to<Lane>(reach);
  }

  SimilarityNeeded<Lane> similarity;
  V reach;
  V within_reach;
};

// Those of a batch of queries, which mostly are of few lengths: the newest may be of the batch before, and at most
// kAtOnce - 1 are made after it.
template <typename Lane>
class JaroLanesOfBatch {
 public:
  explicit JaroLanesOfBatch(LaneKernels::JaroNeeded needed) : needed_(needed) {}

  template <size_t kCount>
  void load(const uint8_t* group, const Query* queries) {
    for (size_t k = 0; k < kCount; ++k) {
      if (group != group_ || queries[k].length != length_) {
        newest_ = (newest_ + 1) % kAtOnce;
        of_length_[newest_] = JaroLanes<Lane>(group, queries[k].length, needed_);
        group_ = group;
        length_ = queries[k].length;
      }
      lanes_[k] = &of_length_[newest_];
    }
  }
  const JaroLanes<Lane>& operator[](size_t k) const { return *lanes_[k]; }

 private:
  LaneKernels::JaroNeeded needed_;
  const uint8_t* group_ = nullptr;  // of the newest
  size_t length_ = 0;
  size_t newest_ = 0;
  JaroLanes<Lane> of_length_[kAtOnce];
  const JaroLanes<Lane>* lanes_[kAtOnce];
};

// Calls visit(k, lanes that may have what is needed, matches, matches out of place) for the queries that have any.
//
// Matches in the order of the query, each to the lowest free place within reach; then once more through the matched
// bytes, comparing them with the taken places in order.
template <size_t kCount, typename Lane, typename Visit>
inline void compare_jaro(const uint8_t* group, const Query* queries, const JaroLanesOfBatch<Lane>& lanes,
                         const uint64_t* wanted, const Visit& visit) {
  using V = Vector<Lane>;
  const V one = broadcast<Lane>(1);
  V reach[kCount];
  V allowed[kCount];
  V taken[kCount];
  for (size_t k = 0; k < kCount; ++k) {
    reach[k] = lanes[k].reach;
    allowed[k] = lanes[k].within_reach;
    taken[k] = V{};
  }
  V free[LaneKernels::kLongest][kCount];  // of each byte of a query, the places that it could take: the lowest is taken
  const auto match = [&](size_t k, size_t i) __attribute__((always_inline)) {
    const V places = row<V>(group, kAlphabet + queries[k].letters[i]) & allowed[k] & ~taken[k];
    free[i][k] = places;
    taken[k] |= places & (V{} - places);
    allowed[k] += allowed[k];
  };
  // The window moves up one place a query byte, growing until its lower end leaves place 0.
  const size_t most = queries[kCount - 1].length;
  const size_t growing = (8 * sizeof(Lane) > most ? 8 * sizeof(Lane) : most) / 2;
  for_each_place<kCount>(
      queries, 0, growing, [&](size_t k, size_t i) __attribute__((always_inline)) {
        match(k, i);
        const V grown = broadcast<Lane>(static_cast<Lane>(i));
        allowed[k] = grown < reach[k] ? allowed[k] + one : allowed[k];
      });
  for_each_place<kCount>(queries, growing, most, match);

  V matches[kCount];
  V has_enough[kCount];
  typename SimilarityNeeded<Lane>::Sum needed[kCount];
  uint64_t any = 0;
  for (size_t k = 0; k < kCount; ++k) {
    matches[k] = count_bits<Lane>(taken[k]);
    needed[k] = lanes[k].similarity.sum_for(group, queries[k].letters);
    has_enough[k] = lanes[k].similarity.by_matches(matches[k], needed[k]);
    any |= byte_mask(has_enough[k]) & wanted[k];
  }
  if (any == 0) return;
  V misplaced[kCount];
  for (size_t k = 0; k < kCount; ++k) misplaced[k] = V{};
  for_each_place<kCount>(
      queries, 0, most, [&](size_t k, size_t i) __attribute__((always_inline)) {
        const V others = taken[k] & (taken[k] - one);
        const V in_order = row<V>(group, kAlphabet + queries[k].letters[i]) & (taken[k] ^ others);
        misplaced[k] = ((free[i][k] != 0) & (in_order == 0)) ? misplaced[k] + one : misplaced[k];
        taken[k] = free[i][k] != 0 ? others : taken[k];
      });
  for (size_t k = 0; k < kCount; ++k) {
    const V passes = has_enough[k] & lanes[k].similarity.by_all(matches[k], misplaced[k], needed[k]);
    const uint64_t enough = byte_mask(passes) & wanted[k];
    if (enough != 0) visit(k, enough, matches[k], misplaced[k]);
  }
}

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

template <typename Lane>
void jaro_rows(const uint8_t* group, LaneKernels::Queries queries, LaneKernels::JaroNeeded needed, uint64_t* enough,
               uint8_t* common, uint8_t* out_of_place) {
  using V = Vector<Lane>;
  for (size_t q = 0; q < queries.count; ++q) enough[q] = 0;
  JaroLanesOfBatch<Lane> lanes(needed);
  for_each_batch(queries, [&]<size_t kCount>(const Query* batch, size_t at) {
    uint64_t wanted[kCount];
    for (size_t k = 0; k < kCount; ++k) wanted[k] = lanes_at(queries.wanted[batch[k].place], at);
    lanes.template load<kCount>(group + at, batch);
    compare_jaro<kCount>(group + at, batch, lanes, wanted,
                         [&](size_t k, uint64_t lanes_with_enough, V matches, V misplaced) {
                           const size_t q = batch[k].place;
                           enough[q] |= lanes_with_enough << at;
                           *reinterpret_cast<V*>(common + q * kRowBytes + at) = matches;
                           *reinterpret_cast<V*>(out_of_place + q * kRowBytes + at) = misplaced;
                         });
  });
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
