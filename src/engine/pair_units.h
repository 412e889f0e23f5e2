#pragma once

#include <cstddef>
#include <span>

#include "block/candidate_pairs.h"

namespace linkwright {

/// What a pass over candidate pairs goes through: all units of them, or a choice. Borrows both.
class PairUnits {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): all of them, where nothing is chosen
  PairUnits(const CandidatePairs& pairs) : pairs_(pairs) {}
  PairUnits(const CandidatePairs& pairs, std::span<const PairUnit> chosen)
      : pairs_(pairs), chosen_(chosen), is_choice_(true) {}

  const CandidatePairs& pairs() const { return pairs_; }
  size_t size() const { return is_choice_ ? chosen_.size() : pairs_.num_units(); }
  PairUnit operator[](size_t index) const { return is_choice_ ? chosen_[index] : pairs_.unit(index); }

 private:
  const CandidatePairs& pairs_;
  std::span<const PairUnit> chosen_;
  bool is_choice_ = false;
};

}  // namespace linkwright
