// A few texts against many: Jaro's matches.

#pragma once

#include <cstddef>
#include <cstdint>

#include "text/query_batches_inl.h"

namespace linkwright {
namespace {

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

// The matches of kCount queries with the lanes of a register, in the order of the query, each to the lowest free place
// within reach.
template <size_t kCount, typename Lane>
class JaroMatches {
  using V = Vector<Lane>;

 public:
  JaroMatches(const uint8_t* group, const Query* queries, const JaroLanesOfBatch<Lane>& lanes)
      : group_(group), queries_(queries), most_(queries[kCount - 1].length) {
    V reach[kCount];
    V allowed[kCount];
    V taken[kCount];
    for (size_t k = 0; k < kCount; ++k) {
      reach[k] = lanes[k].reach;
      allowed[k] = lanes[k].within_reach;
      taken[k] = V{};
    }
    const auto match = [&](size_t k, size_t i) __attribute__((always_inline)) {
      const V places = letter(k, i) & allowed[k] & ~taken[k];
      free_[i][k] = places;
      taken[k] |= places & (V{} - places);
      allowed[k] += allowed[k];
    };
    // The window moves up one place a query byte, growing until its lower end leaves place 0.
    const size_t growing = (8 * sizeof(Lane) > most_ ? 8 * sizeof(Lane) : most_) / 2;
    for_each_place<kCount>(
        queries_, 0, growing, [&](size_t k, size_t i) __attribute__((always_inline)) {
          match(k, i);
          const V grown = broadcast<Lane>(static_cast<Lane>(i));
          allowed[k] = grown < reach[k] ? allowed[k] + broadcast<Lane>(1) : allowed[k];
        });
    for_each_place<kCount>(queries_, growing, most_, match);
    for (size_t k = 0; k < kCount; ++k) taken_[k] = taken[k];
  }

  V count(size_t k) const { return count_bits<Lane>(taken_[k]); }

  // Goes once more through the matched bytes of each query, comparing them with the taken places in order.
  void count_misplaced(V* misplaced) const {
    const V one = broadcast<Lane>(1);
    V left[kCount];  // of the taken places
    V wrong[kCount];
    for (size_t k = 0; k < kCount; ++k) {
      left[k] = taken_[k];
      wrong[k] = V{};
    }
    for_each_place<kCount>(
        queries_, 0, most_, [&](size_t k, size_t i) __attribute__((always_inline)) {
          const V others = left[k] & (left[k] - one);
          const V in_order = letter(k, i) & (left[k] ^ others);
          wrong[k] = ((free_[i][k] != 0) & (in_order == 0)) ? wrong[k] + one : wrong[k];
          left[k] = free_[i][k] != 0 ? others : left[k];
        });
    for (size_t k = 0; k < kCount; ++k) misplaced[k] = wrong[k];
  }

 private:
  // The places of a query's letter in the lanes' texts.
  V letter(size_t k, size_t i) const { return row<V>(group_, kAlphabet + queries_[k].letters[i]); }

  const uint8_t* group_;
  const Query* queries_;
  size_t most_;
  V taken_[kCount];
  V free_[LaneKernels::kLongest][kCount];  // of each byte of a query, the places that it could take
};

// Calls visit(k, lanes that may have what is needed, matches, matches out of place) for the queries that have any.
template <size_t kCount, typename Lane, typename Visit>
inline void compare_jaro(const uint8_t* group, const Query* queries, const JaroLanesOfBatch<Lane>& lanes,
                         const uint64_t* wanted, const Visit& visit) {
  using V = Vector<Lane>;
  const JaroMatches<kCount, Lane> found(group, queries, lanes);
  V matches[kCount];
  V has_enough[kCount];
  typename SimilarityNeeded<Lane>::Sum needed[kCount];
  uint64_t any = 0;
  for (size_t k = 0; k < kCount; ++k) {
    matches[k] = found.count(k);
    needed[k] = lanes[k].similarity.sum_for(group, queries[k].letters);
    has_enough[k] = lanes[k].similarity.by_matches(matches[k], needed[k]);
    any |= byte_mask(has_enough[k]) & wanted[k];
  }
  if (any == 0) return;
  V misplaced[kCount];
  found.count_misplaced(misplaced);
  for (size_t k = 0; k < kCount; ++k) {
    const V passes = has_enough[k] & lanes[k].similarity.by_all(matches[k], misplaced[k], needed[k]);
    const uint64_t enough = byte_mask(passes) & wanted[k];
    if (enough != 0) visit(k, enough, matches[k], misplaced[k]);
  }
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

}  // namespace
}  // namespace linkwright
