#include "text/pair_lanes.h"

#include <emmintrin.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "text/byte_pattern.h"
#include "text/damerau_levenshtein.h"
#include "text/jaro.h"
#include "text/levenshtein.h"
#include "text/pair_lane_kernels.h"

namespace linkwright {
namespace {

const PairLaneKernels& kernels(SimdLevel level) {
  return of_level(level, kBaselinePairLaneKernels, kAvx2PairLaneKernels, kAvx512PairLaneKernels);
}

constexpr size_t kBlock = 16;

struct Block {
  __m128i rows[kBlock];
};

// Turns 16 texts' 16 bytes each into 16 places' bytes of 16 texts: four times, the halves of two registers 8 apart are
// woven into one another.
void transpose(Block* block) {
  Block woven;
  for (int round = 0; round < 4; ++round) {
    for (size_t k = 0; k < kBlock / 2; ++k) {
      woven.rows[2 * k] = _mm_unpacklo_epi8(block->rows[k], block->rows[k + kBlock / 2]);
      woven.rows[2 * k + 1] = _mm_unpackhi_epi8(block->rows[k], block->rows[k + kBlock / 2]);
    }
    *block = woven;
  }
}

}  // namespace

// Which pairs are candidates cannot be foretold, so each is written and then kept or not, without a branch.
inline void PairLanes::add_if(bool possible, const TextPair& pair, uint32_t index, uint8_t fewest_matches) {
  const bool in_order = pair.left.size() <= pair.right.size();
  const std::string_view shorter = in_order ? pair.left : pair.right;
  const std::string_view longer = in_order ? pair.right : pair.left;
  candidates_[num_candidates_] = {
      shorter.data(), longer.data(), index, static_cast<uint8_t>(shorter.size()), static_cast<uint8_t>(longer.size()),
      fewest_matches};
  num_candidates_ += possible ? 1 : 0;
}

// Calls add(pair, index) for pairs that are short enough for lanes, and compare_long(index) for the others.
template <typename Add, typename CompareLong>
void PairLanes::collect(std::span<const TextPair> pairs, const Add& add, const CompareLong& compare_long) {
  num_candidates_ = 0;
  candidates_.resize(std::max(candidates_.size(), pairs.size()));
  for (uint32_t p = 0; p < pairs.size(); ++p) {
    if (std::max(pairs[p].left.size(), pairs[p].right.size()) <= kLongest) {
      add(pairs[p], p);
    } else {
      compare_long(p);
    }
  }
}

void PairLanes::sort() {
  const auto candidates = std::span<const Candidate>(candidates_).first(num_candidates_);
  std::array<uint32_t, kLongest + 2> begins{};
  for (const Candidate& candidate : candidates) ++begins[candidate.longer_length + 1];
  for (size_t length = 1; length < begins.size(); ++length) begins[length] += begins[length - 1];
  sorted_.resize(candidates.size());
  for (const Candidate& candidate : candidates) sorted_[begins[candidate.longer_length]++] = candidate;
}

PairLaneGroup PairLanes::lay_out(std::span<const Candidate> lanes) {
  PairLaneGroup group{shorter_.places[0].data(),
                      longer_.places[0].data(),
                      shorter_.lengths.data(),
                      longer_.lengths.data(),
                      kLongest,
                      0,
                      lanes.front().longer_length,
                      lanes.back().longer_length};
  shorter_.lengths.fill(0);
  longer_.lengths.fill(0);
  for (size_t lane = 0; lane < lanes.size(); ++lane) {
    const size_t length = lanes[lane].shorter_length;
    shorter_.lengths[lane] = static_cast<uint8_t>(length);
    longer_.lengths[lane] = lanes[lane].longer_length;
    group.least_shorter = std::min(group.least_shorter, length);
    group.most_shorter = std::max(group.most_shorter, length);
  }
  const auto lay_out_side = [&](const char* Candidate::*text, uint8_t Candidate::*length, size_t most, Side* side) {
    for (size_t first = 0; first < lanes.size(); first += kBlock) {
      const size_t size = std::min(kBlock, lanes.size() - first);
      for (size_t place = 0; place < most; place += kBlock) {
        Block block;
        for (size_t k = 0; k < kBlock; ++k) {
          const Candidate& lane = lanes[first + std::min(k, size - 1)];
          const size_t begin = std::min<size_t>(place, lane.*length);
          block.rows[k] = load_16_or_fewer(lane.*text + begin, lane.*length - begin);
        }
        transpose(&block);
        for (size_t k = 0; k < kBlock; ++k) {
          _mm_store_si128(reinterpret_cast<__m128i*>(side->places[place + k].data() + first), block.rows[k]);
        }
      }
    }
  };
  lay_out_side(&Candidate::shorter, &Candidate::shorter_length, group.most_shorter, &shorter_);
  lay_out_side(&Candidate::longer, &Candidate::longer_length, group.most_longer, &longer_);
  return group;
}

template <typename Work>
void PairLanes::for_each_group(const Work& work) {
  sort();
  for (size_t first = 0; first < sorted_.size(); first += kLanes) {
    const auto lanes = std::span<const Candidate>(sorted_).subspan(first, std::min(kLanes, sorted_.size() - first));
    work(lay_out(lanes), lanes);
  }
}

// Candidates for a distance of at most `max`; calls compare_long(pair) for those that are too long for lanes.
template <typename CompareLong>
void PairLanes::collect_within(std::span<const TextPair> pairs, size_t max, const CompareLong& compare_long) {
  const auto add = [&](const TextPair& pair, uint32_t p) {
    const auto [shorter, longer] = std::minmax({pair.left.size(), pair.right.size()});
    add_if(longer - shorter <= max, pair, p);
  };
  collect(pairs, add, compare_long);
}

size_t PairLanes::levenshtein(std::span<const TextPair> pairs, uint8_t max, std::span<NearText> near, SimdLevel level) {
  NearTexts found(near);
  collect_within(pairs, max, [&](uint32_t p) {
    const size_t distance = levenshtein_within(pairs[p].left, pairs[p].right, max);
    if (distance <= max) found.add(p, static_cast<double>(distance));
  });
  for_each_group([&](const PairLaneGroup& group, std::span<const Candidate> lanes) {
    kernels(level).levenshtein(group, max, first_result_.data());
    for (size_t lane = 0; lane < lanes.size(); ++lane) {
      if (first_result_[lane] <= max) found.add(lanes[lane].pair, first_result_[lane]);
    }
  });
  return found.size();
}

// The distance is at most that of optimal string alignment; up to 2 the two are the same.
size_t PairLanes::damerau_levenshtein(std::span<const TextPair> pairs, uint8_t max, std::span<NearText> near,
                                      SimdLevel level) {
  constexpr size_t kSameUpTo = 2;
  NearTexts found(near);
  const auto one = [&](uint32_t p) {
    const size_t distance = damerau_levenshtein_within(pairs[p].left, pairs[p].right, max);
    if (distance <= max) found.add(p, static_cast<double>(distance));
  };
  collect_within(pairs, max, one);
  const size_t screen = size_t{max} + size_t{max} / 2;
  for_each_group([&](const PairLaneGroup& group, std::span<const Candidate> lanes) {
    kernels(level).alignment(group, screen, first_result_.data());
    for (size_t lane = 0; lane < lanes.size(); ++lane) {
      const size_t alignment = first_result_[lane];
      if (alignment > screen) continue;
      if (alignment <= kSameUpTo) {
        if (alignment <= max) found.add(lanes[lane].pair, static_cast<double>(alignment));
      } else if (alignment <= max ||
                 may_beat_alignment(lanes[lane].shorter_length, lanes[lane].longer_length, alignment, max)) {
        one(lanes[lane].pair);
      }
    }
  });
  return found.size();
}

// Calls finish(pair, jaro similarity) for every pair whose Jaro similarity may be enough.
template <typename Finish>
void PairLanes::for_each_jaro(std::span<const TextPair> pairs, const JaroCutoff& cutoff, SimdLevel level,
                              const Finish& finish) {
  const auto add = [&](const TextPair& pair, uint32_t p) {
    const uint8_t fewest = cutoff.fewest_matches(pair.left, pair.right);
    add_if(fewest <= std::min(pair.left.size(), pair.right.size()), pair, p, fewest);
  };
  collect(pairs, add, [&](uint32_t p) { finish(p, linkwright::jaro(pairs[p].left, pairs[p].right)); });
  for_each_group([&](const PairLaneGroup& group, std::span<const Candidate> lanes) {
    for (size_t lane = 0; lane < lanes.size(); ++lane) {
      fewest_[lane] = lanes[lane].fewest_matches;
    }
    std::fill(fewest_.begin() + static_cast<std::ptrdiff_t>(lanes.size()), fewest_.end(), UINT8_MAX);
    uint64_t enough = kernels(level).jaro(group, fewest_.data(), first_result_.data(), out_of_place_.data());
    for (; enough != 0; enough &= enough - 1) {
      const auto lane = static_cast<size_t>(std::countr_zero(enough));
      finish(lanes[lane].pair, jaro_of_counts(lanes[lane].longer_length, lanes[lane].shorter_length,
                                              first_result_[lane], out_of_place_[lane]));
    }
  });
}

size_t PairLanes::jaro(std::span<const TextPair> pairs, const JaroCutoff& cutoff, std::span<NearText> near,
                       SimdLevel level) {
  NearTexts found(near);
  for_each_jaro(pairs, cutoff, level, [&](uint32_t p, double similarity) {
    if (similarity > 0 && similarity >= cutoff.similarity()) found.add(p, similarity);
  });
  return found.size();
}

size_t PairLanes::jaro_winkler(std::span<const TextPair> pairs, JaroWinklerRounding rounding, const JaroCutoff& cutoff,
                               std::span<NearText> near, SimdLevel level) {
  NearTexts found(near);
  for_each_jaro(pairs, cutoff, level, [&](uint32_t p, double similarity) {
    if (similarity == 0) return;
    const double boosted = add_winkler_bonus(similarity, winkler_prefix(pairs[p].left, pairs[p].right), rounding);
    if (boosted >= cutoff.similarity()) found.add(p, boosted);
  });
  return found.size();
}

}  // namespace linkwright
