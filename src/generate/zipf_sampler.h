#pragma once

#include <cstdint>
#include <vector>

#include "generate/random_stream.h"

namespace linkwright {

/// Draws ranks 0..n-1 with probability proportional to (rank + 1 + 2.7)^-s, as names and places are distributed.
///
/// The exponent s is given in sixteenths: such a power needs square roots only, which IEEE 754 rounds the same way
/// everywhere, whereas `pow` differs between C libraries. Immutable; safe to use from any thread.
class ZipfSampler {
 public:
  ZipfSampler(uint32_t num_ranks, unsigned exponent_sixteenths);

  uint32_t operator()(RandomStream& random) const;

 private:
  static constexpr unsigned kGuideBits = 16;
  std::vector<uint32_t> upper_;  // of each rank: the highest draw that gives it
  std::vector<uint32_t> guide_;  // for the first bits of a draw, the first rank it can give
};

}  // namespace linkwright
