// A few texts against many: which queries meet a register of texts at once.

#pragma once

#include <cstddef>
#include <cstdint>

#include "text/lane_kernels.h"
#include "text/lane_vectors_inl.h"

namespace linkwright {
namespace {

constexpr size_t kAlphabet = 2;  // vectors of a group before its alphabet, as in PackedStrings

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

}  // namespace
}  // namespace linkwright
