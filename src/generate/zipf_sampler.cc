#include "generate/zipf_sampler.h"

#include <cmath>
#include <limits>

namespace linkwright {
namespace {

/// base^(sixteenths/16) for 0 <= sixteenths.
double power_in_sixteenths(double base, unsigned sixteenths) {
  double power = 1.0;
  for (unsigned whole = 0; whole < sixteenths / 16; ++whole) power *= base;
  double root = base;
  for (unsigned bit = 8; bit > 0; bit /= 2) {
    root = std::sqrt(root);
    if ((sixteenths & bit) != 0) power *= root;
  }
  return power;
}

}  // namespace

ZipfSampler::ZipfSampler(uint32_t num_ranks, unsigned exponent_sixteenths)
    : upper_(num_ranks), guide_(size_t{1} << kGuideBits) {
  constexpr double kShift = 3.7;
  std::vector<double> cumulative(num_ranks);
  double total = 0;
  for (uint32_t rank = 0; rank < num_ranks; ++rank) {
    total += 1.0 / power_in_sixteenths(rank + kShift, exponent_sixteenths);
    cumulative[rank] = total;
  }
  constexpr double kDraws = std::numeric_limits<uint32_t>::max();
  for (uint32_t rank = 0; rank < num_ranks; ++rank) {
    upper_[rank] = static_cast<uint32_t>(cumulative[rank] / total * kDraws);
  }
  upper_.back() = std::numeric_limits<uint32_t>::max();
  uint32_t rank = 0;
  for (uint32_t bits = 0; bits < guide_.size(); ++bits) {
    while (upper_[rank] < bits << (32 - kGuideBits)) ++rank;
    guide_[bits] = rank;
  }
}

uint32_t ZipfSampler::operator()(RandomStream& random) const {
  const auto draw = static_cast<uint32_t>(random.next() >> 32);
  uint32_t rank = guide_[draw >> (32 - kGuideBits)];
  while (upper_[rank] < draw) ++rank;
  return rank;
}

}  // namespace linkwright
