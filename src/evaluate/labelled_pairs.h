#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/status.h"
#include "evaluate/truth_space.h"

namespace linkwright {

struct LabelledPair {
  uint32_t left;  // in either order
  uint32_t right;
  double clerical_match_score;  // 0 to 1
};

/// A table of labelled pairs, met with scored pairs as they stream by: only pairs with a label count. Labelled pairs
/// that no scored pair meets count as not found by blocking. A pair that was labelled twice counts twice, as in Splink.
/// Not thread-safe.
class LabelledPairs {
 public:
  /// A pair is a true match when its score is at or above `threshold_actual`. Errors: a pair of a record with itself, a
  /// score outside 0 to 1.
  static Result<LabelledPairs> make(std::span<const LabelledPair> pairs, double threshold_actual = 0.5);

  /// Adds the labels of this pair, if it has any, with its weight. A repeated pair is not counted again.
  void add_scored(uint32_t left, uint32_t right, double match_weight, TruthSpace& truth_space);

  /// Adds the labels that no scored pair met. Call once, after the last `add_scored`.
  void add_missed(TruthSpace& truth_space) const;

 private:
  struct Label {
    uint64_t pair;  // smaller row in the upper half
    bool is_match;
    bool is_found;
  };
  std::vector<Label> labels_;  // by pair
};

}  // namespace linkwright
