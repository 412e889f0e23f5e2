#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/cancellation.h"
#include "base/status.h"
#include "block/candidate_pairs.h"
#include "engine/pair_units.h"

namespace linkwright {

/// Pieces of candidate pairs, spread evenly over all of them in an order that makes every beginning of it a sample: as
/// many in a part of the pairs as the part has of all. Depends on the pairs and the seed only, not on threads.
class PairSample {
 public:
  PairSample(const CandidatePairs& pairs, uint64_t seed);

  uint64_t num_pairs() const { return num_pairs_; }

  /// Piece number `index`; there are as many as are asked for. There must be pairs.
  PairUnit piece(size_t index) const;

 private:
  const CandidatePairs& pairs_;
  std::vector<uint64_t> pairs_up_to_;  // of the units up to and with each
  uint64_t num_pairs_ = 0;
  double start_;
};

/// What work on all candidate pairs is expected to take, from work on some.
struct PairWork {
  double seconds = 0;  // of wall time
  double results = 0;  // of what the work counts: pairs kept, for example
  uint64_t sampled_pairs = 0;
};

/// Runs `work` on growing samples until it has taken a fifth of a second, or on all pairs where they are few. The work
/// uses its threads as it will when it is done in earnest. It is called without any unit first, for what it costs
/// whatever the pairs, and gives how many results it had.
Result<PairWork> measure_pair_work(const CandidatePairs& pairs,
                                   const std::function<Result<uint64_t>(const PairUnits&)>& work);

}  // namespace linkwright
