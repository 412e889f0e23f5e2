#include "text/many_to_many.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstring>
#include <utility>

#include "text/byte_pattern.h"
#include "text/damerau_levenshtein.h"
#include "text/jaro.h"
#include "text/lane_kernels.h"
#include "text/levenshtein.h"

namespace linkwright {
namespace {

using Group = PackedStrings::Group;
using Vector = PackedStrings::Vector;

constexpr size_t kLongestQuery = LaneKernels::kLongest;
static_assert(kLongestQuery == JaroCutoff::kLongest, "kernels read its table row by row");

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

// Queries of up to 64 bytes, the shortest first, in letters of the packed texts' alphabet.
class QueriesByLength {
 public:
  QueriesByLength(std::span<const std::string_view> queries, const PackedStrings& packed) {
    assert(queries.size() <= TextQueries::kMost);
    std::array<uint8_t, kLongestQuery + 1> next{};
    for (const std::string_view query : queries) {
      if (query.size() < kLongestQuery) ++next[query.size() + 1];
    }
    for (size_t length = 1; length < next.size(); ++length) next[length] += next[length - 1];
    for (size_t q = 0; q < queries.size(); ++q) {
      if (queries[q].size() > kLongestQuery) continue;
      number_[next[queries[q].size()]++] = static_cast<uint8_t>(q);
      ++size_;
    }
    uint8_t* letters = letters_.data();
    for (size_t place = 0; place < size_; ++place) {
      const std::string_view query = queries[number_[place]];
      lengths_[place] = static_cast<uint8_t>(query.size());
      for (const char c : query) *letters++ = packed.letter(static_cast<uint8_t>(c));
    }
  }

  size_t size() const { return size_; }
  const uint8_t* letters() const { return letters_.data(); }
  const uint8_t* lengths() const { return lengths_.data(); }
  /// The number of the query at a place.
  size_t number(size_t place) const { return number_[place]; }

 private:
  size_t size_ = 0;
  std::array<uint8_t, TextQueries::kMost> lengths_;
  std::array<uint8_t, TextQueries::kMost> number_;
  std::array<uint8_t, TextQueries::kMost * kLongestQuery> letters_;
};

// Calls visit(query, text) for pairs of which one is too long for lanes.
template <typename Visit>
void for_each_long(const TextQueries& queries, const PackedStrings& packed, const Visit& visit) {
  for (size_t q = 0; q < queries.texts.size(); ++q) {
    const auto visit_wanted = [&](std::span<const uint32_t> texts) {
      for (const uint32_t text : texts) {
        if (text >= queries.first(q)) visit(q, text);
      }
    };
    if (queries.texts[q].size() > kLongestQuery) visit_wanted(packed.order());
    visit_wanted(packed.singles());
  }
}

// The lanes of a group's texts from `first` on; where texts are many, of all its texts.
uint64_t wanted_lanes(const PackedStrings& packed, const Group& group, size_t first) {
  const auto before = packed.are_few() ? static_cast<size_t>(std::popcount(group.indices & low_bits(first))) : 0;
  return low_bits(size_t{group.size} * group.lane_bytes) & ~low_bits(before * group.lane_bytes);
}

// Whether all lengths of a group are more than `max` away from the query's.
bool too_far(const Group& group, size_t query, size_t max) {
  return query + max < group.min_length || group.max_length + max < query;
}

// Queries against the groups, one after the other: what kernels are asked, and what they say of each query and lane.
class KernelCalls {
 public:
  KernelCalls(const TextQueries& queries, const PackedStrings& packed)
      : queries_(queries), packed_(packed), by_length_(queries.texts, packed) {}

  // Calls call(group, queries, this) for every group, where the queries of a length want nothing of it unless
  // is_possible(group, length), and then visit(query, text, first result, out of place) for the lanes selected.
  template <typename IsPossible, typename Call, typename Visit>
  void for_each_selected(const IsPossible& is_possible, const Call& call, const Visit& visit) {
    for (const Group& group : packed_.groups()) {
      bool possible = false;
      bool any = false;
      for (size_t k = 0; k < by_length_.size(); ++k) {
        const size_t length = by_length_.lengths()[k];
        if (k == 0 || length != by_length_.lengths()[k - 1]) possible = is_possible(group, length);
        wanted_[k] = possible ? wanted_lanes(packed_, group, queries_.first(by_length_.number(k))) : 0;
        any = any || wanted_[k] != 0;
      }
      if (!any) continue;
      call(group, LaneKernels::Queries{by_length_.letters(), by_length_.lengths(), by_length_.size(), wanted_.data()},
           this);
      with_lane_type(group, [&]<typename Lane>(Lane /*type*/) {
        for (size_t k = 0; k < by_length_.size(); ++k) visit_selected<Lane>(group, k, visit);
      });
    }
  }

  uint64_t* selected() { return selected_.data(); }
  uint8_t* first_results() { return first_[0].bytes.data(); }
  uint8_t* out_of_place() { return out_of_place_[0].bytes.data(); }

 private:
  template <typename Lane, typename Visit>
  void visit_selected(const Group& group, size_t k, const Visit& visit) const {
    constexpr uint64_t kLaneBytes = (uint64_t{1} << sizeof(Lane)) - 1;
    const size_t query = by_length_.number(k);
    for (uint64_t selected = selected_[k]; selected != 0;) {
      const auto byte = static_cast<size_t>(std::countr_zero(selected));
      selected &= ~(kLaneBytes << byte);
      const size_t at = byte / sizeof(Lane);
      visit(query, packed_.order()[group.first + at], lane<Lane>(first_[k], at), lane<Lane>(out_of_place_[k], at));
    }
  }

  const TextQueries& queries_;
  const PackedStrings& packed_;
  QueriesByLength by_length_;
  std::array<uint64_t, TextQueries::kMost> wanted_;
  std::array<uint64_t, TextQueries::kMost> selected_;
  std::array<Vector, TextQueries::kMost> first_;  // distances or matches
  std::array<Vector, TextQueries::kMost> out_of_place_;
};

// Calls visit(query, text, distance) for every text of up to 64 bytes within `max` of a query that is as short.
template <typename Visit>
void for_each_near(const TextQueries& queries, const PackedStrings& packed, uint8_t max,
                   const LaneKernels::Levenshtein* lanes, const Visit& visit) {
  KernelCalls(queries, packed)
      .for_each_selected(
          [&](const Group& group, size_t length) { return !too_far(group, length, max); },
          [&](const Group& group, const LaneKernels::Queries& at_once, KernelCalls* calls) {
            lanes[width_index(group)](group_vectors(packed, group), at_once, max, calls->selected(),
                                      calls->first_results());
          },
          [&](size_t query, uint32_t text, size_t distance, size_t /*unused*/) { visit(query, text, distance); });
}

uint32_t number_of(size_t query, size_t text, const PackedStrings& packed) {
  return static_cast<uint32_t>(query * packed.size() + text);
}

}  // namespace

size_t levenshtein_many_to_many(const TextQueries& queries, const PackedStrings& packed, uint8_t max,
                                std::span<NearText> near, SimdLevel level) {
  NearTexts found(near);
  for_each_near(queries, packed, max, kernels(level).levenshtein, [&](size_t query, uint32_t text, size_t distance) {
    found.add(number_of(query, text, packed), static_cast<double>(distance));
  });
  for_each_long(queries, packed, [&](size_t query, uint32_t text) {
    const size_t distance = levenshtein_within(queries.texts[query], packed.text(text), max);
    if (distance <= max) found.add(number_of(query, text, packed), static_cast<double>(distance));
  });
  return found.size();
}

// The distance is at most that of optimal string alignment; up to 2 the two are the same.
size_t damerau_levenshtein_many_to_many(const TextQueries& queries, const PackedStrings& packed, uint8_t max,
                                        std::span<NearText> near, SimdLevel level) {
  constexpr size_t kSameUpTo = 2;
  constexpr int kLargestInLanes = 254;
  NearTexts found(near);
  const auto one = [&](size_t query, uint32_t text) {
    const size_t distance = damerau_levenshtein_within(queries.texts[query], packed.text(text), max);
    if (distance <= max) found.add(number_of(query, text, packed), static_cast<double>(distance));
  };
  for_each_long(queries, packed, one);
  const int screen = int{max} + int{max} / 2;
  if (screen > kLargestInLanes) {
    for (size_t query = 0; query < queries.texts.size(); ++query) {
      if (queries.texts[query].size() > kLongestQuery) continue;
      for (const uint32_t text : packed.order()) one(query, text);
    }
    return found.size();
  }
  for_each_near(queries, packed, static_cast<uint8_t>(screen), kernels(level).alignment,
                [&](size_t query, uint32_t text, size_t alignment) {
                  if (alignment <= kSameUpTo) {
                    if (alignment <= max) found.add(number_of(query, text, packed), static_cast<double>(alignment));
                  } else if (alignment <= max || may_beat_alignment(queries.texts[query].size(),
                                                                    packed.text(text).size(), alignment, max)) {
                    one(query, text);
                  }
                });
  return found.size();
}

namespace {

// Calls finish(query, text, jaro similarity) for every pair whose Jaro similarity may be enough.
template <typename Finish>
void jaro_lanes_at_least(const TextQueries& queries, const PackedStrings& packed, const JaroCutoff& cutoff,
                         SimdLevel level, const Finish& finish) {
  for_each_long(queries, packed, [&](size_t query, uint32_t text) {
    finish(query, text, jaro(queries.texts[query], packed.text(text)));
  });
  KernelCalls(queries, packed)
      .for_each_selected(
          [&](const Group& group, size_t length) {
            for (size_t other = group.min_length; length > 0 && other <= group.max_length; ++other) {
              if (cutoff.reachable(length, other)) return true;
            }
            return false;
          },
          [&](const Group& group, const LaneKernels::Queries& at_once, KernelCalls* calls) {
            kernels(level).jaro[width_index(group)](
                group_vectors(packed, group), at_once,
                {cutoff.fewest_matches_table(), group.min_length, group.max_length, cutoff.needed_by_prefix().data()},
                calls->selected(), calls->first_results(), calls->out_of_place());
          },
          [&](size_t query, uint32_t text, size_t matches, size_t misplaced) {
            const size_t length = queries.texts[query].size();
            const size_t other_length = packed.text(text).size();
            if (other_length <= JaroCutoff::kLongestNarrow &&  // wider lanes have looked already
                misplaced > cutoff.most_out_of_place(length, other_length, matches)) {
              return;
            }
            finish(query, text, jaro_of_counts(length, other_length, matches, misplaced));
          });
}

}  // namespace

size_t jaro_many_to_many(const TextQueries& queries, const PackedStrings& packed, const JaroCutoff& cutoff,
                         std::span<NearText> near, SimdLevel level) {
  NearTexts found(near);
  jaro_lanes_at_least(queries, packed, cutoff, level, [&](size_t query, uint32_t text, double similarity) {
    if (similarity > 0 && similarity >= cutoff.similarity()) found.add(number_of(query, text, packed), similarity);
  });
  return found.size();
}

size_t jaro_winkler_many_to_many(const TextQueries& queries, const PackedStrings& packed, JaroWinklerRounding rounding,
                                 const JaroCutoff& cutoff, std::span<NearText> near, SimdLevel level) {
  NearTexts found(near);
  jaro_lanes_at_least(queries, packed, cutoff, level, [&](size_t query, uint32_t text, double similarity) {
    if (similarity == 0) return;
    const size_t prefix = winkler_prefix(queries.texts[query], packed.text(text));
    const double boosted = add_winkler_bonus(similarity, prefix, rounding);
    if (boosted >= cutoff.similarity()) found.add(number_of(query, text, packed), boosted);
  });
  return found.size();
}

}  // namespace linkwright
