#include "text/one_to_many.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include "text/damerau_levenshtein.h"
#include "text/jaro.h"
#include "text/lane_kernels.h"
#include "text/levenshtein.h"

namespace linkwright {
namespace {

using Group = PackedStrings::Group;
using Vector = PackedStrings::Vector;

constexpr size_t kLongestQuery = 64;

const LaneKernels& kernels(SimdLevel level) {
  return of_level(level, kBaselineLaneKernels, kAvx2LaneKernels, kAvx512LaneKernels);
}

size_t width_index(const Group& group) { return static_cast<size_t>(std::countr_zero(group.lane_bytes)); }

const uint8_t* group_vectors(const PackedStrings& packed, const Group& group) {
  return packed.vectors()[group.vectors].bytes.data();
}

// Calls work with a value of the unsigned type of the group's lanes.
template <typename Work>
void with_lane_type(const Group& group, const Work& work) {
  switch (group.lane_bytes) {
    case 1:
      return work(uint8_t{});
    case 2:
      return work(uint16_t{});
    case 4:
      return work(uint32_t{});
    default:
      return work(uint64_t{});
  }
}

template <typename Lane>
size_t lane(const Vector& vector, size_t index) {
  Lane value;
  std::memcpy(&value, vector.bytes.data() + index * sizeof(Lane), sizeof(Lane));
  return value;
}

// Calls visit(lane) for the group's lanes whose bytes are set in `selected`; lanes beyond its texts count for nothing.
template <typename Lane, typename Visit>
void for_each_selected(uint64_t selected, const Group& group, const Visit& visit) {
  constexpr uint64_t kLaneBytes = (uint64_t{1} << sizeof(Lane)) - 1;
  const size_t used = group.size * sizeof(Lane);
  if (used < PackedStrings::kVectorBytes) selected &= (uint64_t{1} << used) - 1;
  while (selected != 0) {
    const auto byte = static_cast<size_t>(std::countr_zero(selected));
    visit(byte / sizeof(Lane));
    selected &= ~(kLaneBytes << byte);
  }
}

// The query in letters of the packed texts' alphabet.
class Letters {
 public:
  Letters(std::string_view query, const PackedStrings& packed) {
    for (size_t i = 0; i < query.size(); ++i) letters_[i] = packed.letter(static_cast<uint8_t>(query[i]));
  }
  const uint8_t* data() const { return letters_.data(); }

 private:
  std::array<uint8_t, kLongestQuery> letters_;
};

// Whether all lengths of a group are more than `max` away from the query's.
bool too_far(const Group& group, size_t query, size_t max) {
  return query + max < group.min_length || group.max_length + max < query;
}

using LaneDistances = LaneKernels::Levenshtein;

// Calls visit(index, distance) for every text of up to 64 bytes within `max` of a query that is as short.
template <typename Visit>
void for_each_near(std::string_view query, const PackedStrings& packed, uint8_t max, const LaneDistances* lanes,
                   const Visit& visit) {
  const Letters letters(query, packed);
  Vector distances;
  for (const Group& group : packed.groups()) {
    if (too_far(group, query.size(), max)) continue;
    const uint64_t near = lanes[width_index(group)](group_vectors(packed, group), letters.data(), query.size(), max,
                                                    distances.bytes.data());
    with_lane_type(group, [&]<typename Lane>(Lane /*type*/) {
      for_each_selected<Lane>(near, group,
                              [&](size_t k) { visit(packed.order()[group.first + k], lane<Lane>(distances, k)); });
    });
  }
}

}  // namespace

size_t levenshtein_one_to_many(std::string_view query, const PackedStrings& packed, uint8_t max,
                               std::span<NearText> near, SimdLevel level) {
  NearTexts found(near);
  const auto one = [&](uint32_t index) {
    const size_t distance = levenshtein_within(query, packed.text(index), max);
    if (distance <= max) found.add(index, static_cast<double>(distance));
  };
  if (query.size() > kLongestQuery) {
    for (const uint32_t index : packed.order()) one(index);
  } else {
    for_each_near(query, packed, max, kernels(level).levenshtein,
                  [&](uint32_t index, size_t distance) { found.add(index, static_cast<double>(distance)); });
  }
  for (const uint32_t index : packed.singles()) one(index);
  return found.size();
}

// The distance is at most that of optimal string alignment; up to 2 the two are the same.
size_t damerau_levenshtein_one_to_many(std::string_view query, const PackedStrings& packed, uint8_t max,
                                       std::span<NearText> near, SimdLevel level) {
  constexpr size_t kSameUpTo = 2;
  constexpr int kLargestInLanes = 254;
  NearTexts found(near);
  const auto one = [&](uint32_t index) {
    const size_t distance = damerau_levenshtein_within(query, packed.text(index), max);
    if (distance <= max) found.add(index, static_cast<double>(distance));
  };
  const int screen = int{max} + int{max} / 2;
  if (query.size() > kLongestQuery || screen > kLargestInLanes) {
    for (const uint32_t index : packed.order()) one(index);
  } else {
    for_each_near(
        query, packed, static_cast<uint8_t>(screen), kernels(level).alignment, [&](uint32_t index, size_t alignment) {
          if (alignment <= kSameUpTo) {
            if (alignment <= max) found.add(index, static_cast<double>(alignment));
          } else if (alignment <= max || may_beat_alignment(query.size(), packed.text(index).size(), alignment, max)) {
            one(index);
          }
        });
  }
  for (const uint32_t index : packed.singles()) one(index);
  return found.size();
}

namespace {

// Calls finish(index, jaro similarity) for every text whose Jaro similarity may be enough.
template <typename Finish>
void jaro_lanes_at_least(std::string_view query, const PackedStrings& packed, const JaroCutoff& cutoff, SimdLevel level,
                         const Finish& finish) {
  for (const uint32_t index : packed.singles()) finish(index, jaro(query, packed.text(index)));
  if (query.size() > kLongestQuery) {
    for (const uint32_t index : packed.order()) finish(index, jaro(query, packed.text(index)));
    return;
  }
  if (query.empty()) return;
  const Letters letters(query, packed);
  Vector common;
  Vector out_of_place;
  for (const Group& group : packed.groups()) {
    size_t shortest = group.min_length;
    while (shortest <= group.max_length && !cutoff.reachable(query.size(), shortest)) ++shortest;
    if (shortest > group.max_length) continue;
    const uint64_t enough = kernels(level).jaro[width_index(group)](
        group_vectors(packed, group), letters.data(), query.size(),
        {cutoff.fewest_matches(query.size()).data(), shortest, group.max_length, cutoff.needed_by_prefix().data()},
        common.bytes.data(), out_of_place.bytes.data());
    const Vector& lengths = packed.vectors()[group.vectors + PackedStrings::kLengths];
    with_lane_type(group, [&]<typename Lane>(Lane /*type*/) {
      for_each_selected<Lane>(enough, group, [&](size_t k) {
        const size_t length = lane<Lane>(lengths, k);
        const size_t matches = lane<Lane>(common, k);
        const size_t misplaced = lane<Lane>(out_of_place, k);
        if constexpr (sizeof(Lane) <= 2) {  // wider lanes have looked already
          if (misplaced > cutoff.most_out_of_place(query.size(), length, matches)) return;
        }
        finish(packed.order()[group.first + k], jaro_of_counts(query.size(), length, matches, misplaced));
      });
    });
  }
}

}  // namespace

size_t jaro_one_to_many(std::string_view query, const PackedStrings& packed, const JaroCutoff& cutoff,
                        std::span<NearText> near, SimdLevel level) {
  NearTexts found(near);
  jaro_lanes_at_least(query, packed, cutoff, level, [&](uint32_t index, double similarity) {
    if (similarity > 0 && similarity >= cutoff.similarity()) found.add(index, similarity);
  });
  return found.size();
}

size_t jaro_winkler_one_to_many(std::string_view query, const PackedStrings& packed, JaroWinklerRounding rounding,
                                const JaroCutoff& cutoff, std::span<NearText> near, SimdLevel level) {
  NearTexts found(near);
  jaro_lanes_at_least(query, packed, cutoff, level, [&](uint32_t index, double similarity) {
    if (similarity == 0) return;
    const double boosted = add_winkler_bonus(similarity, winkler_prefix(query, packed.text(index)), rounding);
    if (boosted >= cutoff.similarity()) found.add(index, boosted);
  });
  return found.size();
}

}  // namespace linkwright
