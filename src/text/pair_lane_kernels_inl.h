// Many pairs at once: the kernels themselves, compiled once an instruction set.

#pragma once

#include <cstddef>
#include <cstdint>

#include "text/lane_vectors_inl.h"
#include "text/pair_lane_kernels.h"

namespace linkwright {
namespace {

using Bytes = Vector<uint8_t>;

constexpr size_t kLongestPaired = 64;

// The part of a row that belongs to the register at hand.
inline Bytes lanes_of(const uint8_t* rows, size_t index, size_t at) {
  return *reinterpret_cast<const Bytes*>(rows + index * kRowBytes + at);
}

inline Bytes all_ones(bool yes) { return broadcast<uint8_t>(yes ? 0xFF : 0); }

inline size_t at_least_zero(size_t value, size_t minus) { return value > minus ? value - minus : 0; }
inline size_t at_most(size_t value, size_t most) { return value < most ? value : most; }

// The matrix of Wagner and Fischer (1974), row by row of the shorter text, in the band that `max` allows. Cells outside
// the band count as far. Distances are at most 64 and `far` at most 64 steps more, so that bytes do not overflow.
template <bool kTranspositions>
inline void edit_distance_register(const PairLaneGroup& group, size_t max, size_t at, uint8_t* distances) {
  const Bytes far = broadcast<uint8_t>(128);
  Bytes rows[3][kLongestPaired + 1];
  const Bytes shorter_length = lanes_of(group.shorter_lengths, 0, at);
  const Bytes longer_length = lanes_of(group.longer_lengths, 0, at);
  const size_t columns = group.most_longer;
  for (size_t j = 0; j <= columns; ++j) rows[0][j] = broadcast<uint8_t>(static_cast<uint8_t>(j));
  Bytes distance = longer_length;  // where the shorter text is empty
  for (size_t i = 1; i <= group.most_shorter; ++i) {
    Bytes* current = rows[i % 3];
    Bytes* above = rows[(i + 2) % 3];
    const Bytes* two_above = rows[(i + 1) % 3];
    const size_t first = i > max ? i - max : 1;
    const size_t last = at_most(i + max, columns);
    if (i + max <= columns) above[i + max] = far;
    current[first - 1] = i > max ? far : broadcast<uint8_t>(static_cast<uint8_t>(i));
    Bytes left = current[first - 1];
    const Bytes byte = lanes_of(group.shorter, i - 1, at);
    for (size_t j = first; j <= last; ++j) {
      const Bytes other = lanes_of(group.longer, j - 1, at);
      const Bytes beside = (above[j] < left ? above[j] : left) + 1;
      const Bytes across = above[j - 1] + reinterpret_cast<Bytes>((byte != other) & 1);
      left = beside < across ? beside : across;
      if (kTranspositions && i > 1 && j > 1) {
        const auto exchanged = reinterpret_cast<Bytes>(byte == lanes_of(group.longer, j - 2, at)) &
                               reinterpret_cast<Bytes>(other == lanes_of(group.shorter, i - 2, at));
        const Bytes by_exchange = (two_above[j - 2] + 1) | ~exchanged;
        left = by_exchange < left ? by_exchange : left;
      }
      current[j] = left;
    }
    if (i < group.least_shorter) continue;
    const auto ends_here = reinterpret_cast<Bytes>(shorter_length == static_cast<uint8_t>(i));
    for (size_t j = first > group.least_longer ? first : group.least_longer; j <= last; ++j) {
      const Bytes ends = ends_here & reinterpret_cast<Bytes>(longer_length == static_cast<uint8_t>(j));
      distance = (distance & ~ends) | (current[j] & ends);
    }
  }
  *reinterpret_cast<Bytes*>(distances + at) = distance;
}

template <bool kTranspositions>
void edit_distance_pairs(const PairLaneGroup& group, size_t max, uint8_t* distances) {
  for (size_t at = 0; at < kRowBytes; at += kVectorBytes) {
    edit_distance_register<kTranspositions>(group, max, at, distances);
  }
}

inline size_t jaro_reach(size_t longer) { return longer < 4 ? 0 : longer / 2 - 1; }

// Calls visit(j, within) for the places of the longer text that place i of the shorter one may match in some lane:
// within is all ones in the lanes where it may. Lanes differ only at the rim of the window.
template <typename Visit>
inline void for_each_in_reach(size_t i, size_t columns, size_t least_reach, size_t most_reach, const Bytes* within,
                              const Visit& visit) {
  size_t j = at_least_zero(i, most_reach);
  for (const size_t end = at_most(at_least_zero(i, least_reach), columns); j < end; ++j) visit(j, within[i - j]);
  const Bytes everywhere = all_ones(true);
  for (const size_t end = at_most(i + least_reach + 1, columns); j < end; ++j) visit(j, everywhere);
  for (const size_t end = at_most(i + most_reach + 1, columns); j < end; ++j) visit(j, within[j - i]);
}

inline uint64_t jaro_register(const PairLaneGroup& group, const uint8_t* fewest, size_t at, uint8_t* matches,
                              uint8_t* out_of_place) {
  const Bytes shorter_length = lanes_of(group.shorter_lengths, 0, at);
  const Bytes longer_length = lanes_of(group.longer_lengths, 0, at);
  const size_t columns = group.most_longer;
  const size_t least_reach = jaro_reach(group.least_longer);
  const size_t most_reach = jaro_reach(group.most_longer);
  const Bytes half = longer_length >> 1;
  const Bytes reach = half - reinterpret_cast<Bytes>((half != 0) & 1);
  Bytes within[kLongestPaired / 2];
  for (size_t d = least_reach + 1; d <= most_reach; ++d) {
    within[d] = reinterpret_cast<Bytes>(reach >= static_cast<uint8_t>(d));
  }

  Bytes free[kLongestPaired];
  for (size_t j = 0; j < columns; ++j) free[j] = reinterpret_cast<Bytes>(longer_length > static_cast<uint8_t>(j));
  Bytes matched[kLongestPaired];
  Bytes count = Bytes{};
  for (size_t i = 0; i < group.most_shorter; ++i) {
    const Bytes byte = lanes_of(group.shorter, i, at);
    const auto exists = reinterpret_cast<Bytes>(shorter_length > static_cast<uint8_t>(i));
    Bytes open = exists;
    for_each_in_reach(i, columns, least_reach, most_reach, within, [&](size_t j, Bytes in_reach) {
      const Bytes hit = reinterpret_cast<Bytes>(byte == lanes_of(group.longer, j, at)) & open & free[j] & in_reach;
      open ^= hit;
      free[j] ^= hit;
    });
    matched[i] = exists ^ open;
    count -= matched[i];
  }
  *reinterpret_cast<Bytes*>(matches + at) = count;
  const auto has_enough = reinterpret_cast<Bytes>(count >= lanes_of(fewest, 0, at));
  if (byte_mask(has_enough) == 0) return 0;

  // The k-th match of one text against the k-th of the other, which are within reach of each other as well.
  Bytes rank_in_longer[kLongestPaired];
  Bytes rank = Bytes{};
  for (size_t j = 0; j < columns; ++j) {
    const Bytes taken = reinterpret_cast<Bytes>(longer_length > static_cast<uint8_t>(j)) ^ free[j];
    rank_in_longer[j] = rank | ~taken;
    rank -= taken;
  }
  rank = Bytes{};
  Bytes in_place = Bytes{};
  for (size_t i = 0; i < group.most_shorter; ++i) {
    const Bytes byte = lanes_of(group.shorter, i, at);
    const Bytes rank_of_byte = rank;
    rank -= matched[i];
    Bytes same = Bytes{};
    for_each_in_reach(i, columns, least_reach, most_reach, within, [&](size_t j, Bytes /*in_reach*/) {
      same |= reinterpret_cast<Bytes>(rank_of_byte == rank_in_longer[j]) &
              reinterpret_cast<Bytes>(byte == lanes_of(group.longer, j, at));
    });
    in_place -= same & matched[i];
  }
  *reinterpret_cast<Bytes*>(out_of_place + at) = count - in_place;
  return byte_mask(has_enough);
}

uint64_t jaro_pairs(const PairLaneGroup& group, const uint8_t* fewest, uint8_t* matches, uint8_t* out_of_place) {
  uint64_t enough = 0;
  for (size_t at = 0; at < kRowBytes; at += kVectorBytes) {
    enough |= jaro_register(group, fewest, at, matches, out_of_place) << at;
  }
  return enough;
}

constexpr PairLaneKernels kPairLaneKernels = {edit_distance_pairs<false>, edit_distance_pairs<true>, jaro_pairs};

}  // namespace
}  // namespace linkwright
