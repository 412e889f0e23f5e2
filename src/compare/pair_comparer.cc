#include "compare/pair_comparer.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace linkwright {
namespace {

// Code pairs remembered a comparator, 16 bytes each.
constexpr size_t kRememberedPairs = size_t{1} << 15;
constexpr uint64_t kNothing = UINT64_MAX;

constexpr uint8_t kUnsettled = LevelLadder::kUnsettled;

// The average bytes of text that a comparison reads of a pair; SQL that is evaluated costs more than any text.
double cost_of(const ChosenComparisons& chosen, const ChosenComparisons::Comparison& comparison) {
  constexpr double kSql = 1e6;
  double cost = 0;
  for (size_t k = comparison.first; k < comparison.end; ++k) {
    const ValueComparator& comparator = *chosen.comparators[k].values;
    if (!comparator.ladder) cost += kSql;
    for (const DistanceSlot& slot : comparator.parts.distances) {
      cost += comparator.parts.operands[slot.left].texts.average_size();
    }
  }
  return cost;
}

// The ladder that gives the comparison's level, where it has one.
const LevelLadder* ladder_of(const ChosenComparisons& chosen, const ChosenComparisons::Comparison& comparison) {
  const ValueComparator& first = *chosen.comparators[comparison.first].values;
  return comparison.plan->single && first.ladder ? &*first.ladder : nullptr;
}

// The most of the levels that codes alone do not settle.
double most_beyond_codes(const LevelLadder* ladder, const std::vector<double>& most) {
  const size_t first = ladder == nullptr ? 0 : ladder->first_level_beyond_codes();
  return *std::max_element(most.begin() + static_cast<std::ptrdiff_t>(first), most.end());
}

}  // namespace

PairComparer::PairComparer(const ComparisonProgram::Choice& choice)
    : chosen_(choice),
      by_cost_(chosen_.comparisons.size()),
      workspaces_(chosen_.comparators.size()),
      memory_(chosen_.comparators.size()),
      outcomes_(chosen_.comparators.size()),
      settled_(chosen_.comparisons.size()) {
  std::vector<double> costs;
  for (const auto& comparison : chosen_.comparisons) costs.push_back(cost_of(chosen_, comparison));
  std::iota(by_cost_.begin(), by_cost_.end(), size_t{0});
  std::stable_sort(by_cost_.begin(), by_cost_.end(), [&](size_t a, size_t b) { return costs[a] < costs[b]; });
}

Status PairComparer::compare(std::span<const RowPair> pairs, AgreementPattern* patterns) {
  std::fill_n(patterns, pairs.size(), AgreementPattern{0});
  for (const ChosenComparisons::Comparison& comparison : chosen_.comparisons) {
    const uint8_t* levels = nullptr;
    ARROW_RETURN_NOT_OK(levels_of(comparison, pairs, &levels));
    add_levels(levels, comparison.stride, pairs.size(), patterns);
  }
  return Status::OK();
}

Status PairComparer::levels_of(const ChosenComparisons::Comparison& comparison, std::span<const RowPair> pairs,
                               const uint8_t** levels) {
  for (size_t k = comparison.first; k < comparison.end; ++k) {
    outcomes_[k].resize(std::max(outcomes_[k].size(), pairs.size()));
    ARROW_RETURN_NOT_OK(outcomes_of(k, pairs, outcomes_[k].data()));
  }
  if (comparison.plan->single) {
    *levels = outcomes_[comparison.first].data();
    return Status::OK();
  }
  levels_.resize(std::max(levels_.size(), pairs.size()));
  decider_.decide(chosen_, comparison, outcomes_, 0, pairs.size(), levels_.data());
  *levels = levels_.data();
  return Status::OK();
}

Status PairComparer::outcomes_of(size_t k, std::span<const RowPair> pairs, uint8_t* outcomes) {
  const auto& [values, left, right] = chosen_.comparators[k];
  if (!values->ladder) return remembered_outcomes(k, pairs, outcomes);
  read_codes(pairs, left, right);
  values->ladder->pairs(values->parts, left_codes_, right_codes_, &workspaces_[k].ladder, outcomes);
  return Status::OK();
}

Status PairComparer::remembered_outcomes(size_t k, std::span<const RowPair> pairs, uint8_t* outcomes) {
  const auto& [values, left_column, right_column] = chosen_.comparators[k];
  std::vector<Remembered>& memory = memory_[k];
  if (memory.empty()) memory.assign(kRememberedPairs, {kNothing, 0});
  const auto place_of = [&](uint32_t left, uint32_t right) -> Remembered& {
    return memory[((uint64_t{left} << 32 | right) * 0x9E3779B97F4A7C15ULL) >> 49];
  };
  unknown_.clear();
  unknown_left_.clear();
  unknown_right_.clear();
  for (size_t p = 0; p < pairs.size(); ++p) {
    const uint32_t left = chosen_.code(pairs[p].left, left_column);
    const uint32_t right = chosen_.code(pairs[p].right, right_column);
    const Remembered& known = place_of(left, right);
    if (known.codes == (uint64_t{left} << 32 | right)) {
      outcomes[p] = known.outcome;
      continue;
    }
    unknown_.push_back(static_cast<uint32_t>(p));
    unknown_left_.push_back(left);
    unknown_right_.push_back(right);
  }
  unknown_outcomes_.resize(unknown_.size());
  ARROW_RETURN_NOT_OK(values->compare_pairs(unknown_left_.data(), unknown_right_.data(), unknown_.size(),
                                            &workspaces_[k], unknown_outcomes_.data()));
  for (size_t u = 0; u < unknown_.size(); ++u) {
    outcomes[unknown_[u]] = unknown_outcomes_[u];
    const uint64_t codes = uint64_t{unknown_left_[u]} << 32 | unknown_right_[u];
    place_of(unknown_left_[u], unknown_right_[u]) = {codes, unknown_outcomes_[u]};
  }
  return Status::OK();
}

void PairComparer::drop_hopeless(double needed) {
  size_t kept = 0;
  for (const Candidate& candidate : candidates_) {
    candidates_[kept] = candidate;
    kept += candidate.most < needed ? 0 : 1;  // NaN (weights of plus and minus infinity) is not below anything
  }
  candidates_.resize(kept);
}

// Takes the levels that null and equal codes give, and for the other pairs the most that the levels behind them add.
// Nothing has been dropped so far: there is a candidate for every pair.
void PairComparer::settle_by_codes(size_t c, const LevelBounds& bounds, std::span<const RowPair> pairs) {
  const ChosenComparisons::Comparison& comparison = chosen_.comparisons[c];
  const std::vector<double>& most = bounds.most[c];
  std::vector<uint8_t>& settled = settled_[c];
  settled.resize(std::max(settled.size(), pairs.size()));
  const LevelLadder* ladder = ladder_of(chosen_, comparison);
  const double most_of_open = most_beyond_codes(ladder, most);
  if (ladder == nullptr) {
    std::fill_n(settled.begin(), pairs.size(), kUnsettled);
    for (Candidate& candidate : candidates_) candidate.most += most_of_open;
    return;
  }
  const auto& [values, left_column, right_column] = chosen_.comparators[comparison.first];
  const std::optional<LevelBounds::EqualValues>& equal = bounds.of_equal_values[c];
  const bool equal_is_closer = equal && left_column == right_column && values->left->members.size() == 1 &&
                               values->left->members[0] == equal->column;
  read_codes(pairs, left_column, right_column);
  ladder->settle_by_codes(values->parts, left_codes_, right_codes_, settled.data());
  std::array<double, kUnsettled + 1> most_of_level;
  std::array<AgreementPattern, kUnsettled + 1> pattern_of_level;
  for (size_t level = 0; level < most.size(); ++level) {
    most_of_level[level] = most[level];
    pattern_of_level[level] = comparison.stride * level;
  }
  most_of_level[kUnsettled] = most_of_open;
  pattern_of_level[kUnsettled] = 0;
  for (Candidate& candidate : candidates_) {
    const uint8_t level = settled[candidate.pair];
    const uint32_t code = left_codes_[candidate.pair];
    const bool is_closer = equal_is_closer && level == equal->level && code == right_codes_[candidate.pair];
    candidate.most += is_closer ? equal->most[code] : most_of_level[level];
    candidate.pattern += pattern_of_level[level];
  }
}

void PairComparer::read_codes(std::span<const RowPair> pairs, size_t left_column, size_t right_column) {
  left_codes_.resize(pairs.size());
  right_codes_.resize(pairs.size());
  for (size_t p = 0; p < pairs.size(); ++p) {
    left_codes_[p] = chosen_.code(pairs[p].left, left_column);
    right_codes_[p] = chosen_.code(pairs[p].right, right_column);
  }
}

Status PairComparer::settle(size_t c, const std::vector<double>& most, std::span<const RowPair> pairs) {
  const ChosenComparisons::Comparison& comparison = chosen_.comparisons[c];
  unsettled_.resize(candidates_.size());
  unsettled_candidates_.resize(candidates_.size());
  size_t unsettled = 0;
  for (uint32_t k = 0; k < candidates_.size(); ++k) {
    const uint32_t pair = candidates_[k].pair;
    unsettled_[unsettled] = pairs[pair];
    unsettled_candidates_[unsettled] = k;
    unsettled += settled_[c][pair] == kUnsettled ? 1 : 0;
  }
  if (unsettled == 0) return Status::OK();
  unsettled_.resize(unsettled);
  const uint8_t* levels = nullptr;
  ARROW_RETURN_NOT_OK(levels_of(comparison, unsettled_, &levels));
  const double most_of_open = most_beyond_codes(ladder_of(chosen_, comparison), most);
  for (size_t u = 0; u < unsettled; ++u) {
    Candidate& candidate = candidates_[unsettled_candidates_[u]];
    candidate.most += most[levels[u]] - most_of_open;
    candidate.pattern += comparison.stride * levels[u];
  }
  return Status::OK();
}

Status PairComparer::compare_hopeful(const LevelBounds& bounds, std::vector<RowPair>* pairs,
                                     std::vector<AgreementPattern>* patterns) {
  candidates_.clear();
  for (uint32_t p = 0; p < pairs->size(); ++p) candidates_.push_back({0, 0, p});
  for (size_t c = 0; c < chosen_.comparisons.size(); ++c) settle_by_codes(c, bounds, *pairs);
  drop_hopeless(bounds.needed);
  for (const size_t c : by_cost_) {
    ARROW_RETURN_NOT_OK(settle(c, bounds.most[c], *pairs));
    drop_hopeless(bounds.needed);
  }
  patterns->resize(candidates_.size());
  for (size_t k = 0; k < candidates_.size(); ++k) {
    (*pairs)[k] = (*pairs)[candidates_[k].pair];  // candidates are in order of pair
    (*patterns)[k] = candidates_[k].pattern;
  }
  pairs->resize(candidates_.size());
  return Status::OK();
}

}  // namespace linkwright
