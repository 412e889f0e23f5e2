#include "evaluate/labelled_pairs.h"

#include <algorithm>
#include <limits>

namespace linkwright {
namespace {

uint64_t key_of(uint32_t left, uint32_t right) {
  return static_cast<uint64_t>(std::min(left, right)) << 32 | std::max(left, right);
}

}  // namespace

Result<LabelledPairs> LabelledPairs::make(std::span<const LabelledPair> pairs, double threshold_actual) {
  LabelledPairs labelled;
  labelled.labels_.reserve(pairs.size());
  for (size_t i = 0; i < pairs.size(); ++i) {
    const LabelledPair& pair = pairs[i];
    if (pair.left == pair.right) {
      return Status::Invalid("labelled pair ", i + 1, " joins a record with itself; remove it");
    }
    if (!(pair.clerical_match_score >= 0 && pair.clerical_match_score <= 1)) {
      return Status::Invalid("labelled pair ", i + 1, " has clerical_match_score ", pair.clerical_match_score,
                             "; expected 0 (no match) to 1 (match)");
    }
    labelled.labels_.push_back({key_of(pair.left, pair.right), pair.clerical_match_score >= threshold_actual, false});
  }
  std::sort(labelled.labels_.begin(), labelled.labels_.end(),
            [](const Label& one, const Label& other) { return one.pair < other.pair; });
  return labelled;
}

void LabelledPairs::add_scored(uint32_t left, uint32_t right, double match_weight, TruthSpace& truth_space) {
  const uint64_t key = key_of(left, right);
  auto label = std::lower_bound(labels_.begin(), labels_.end(), key,
                                [](const Label& one, uint64_t pair) { return one.pair < pair; });
  for (; label != labels_.end() && label->pair == key && !label->is_found; ++label) {
    label->is_found = true;
    truth_space.add(match_weight, label->is_match);
  }
}

void LabelledPairs::add_missed(TruthSpace& truth_space) const {
  constexpr double kNoWeight = std::numeric_limits<double>::quiet_NaN();
  for (const Label& label : labels_) {
    if (!label.is_found) truth_space.add(kNoWeight, label.is_match, false);
  }
}

}  // namespace linkwright
