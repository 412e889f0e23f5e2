#include "train/expectation_maximisation.h"

#include <algorithm>
#include <cmath>

#include "model/match_weights.h"
#include "train/parameter_estimates.h"

namespace linkwright {
namespace {

constexpr AgreementPattern kNoPattern = UINT64_MAX;  // a space has at most 2^62
constexpr double kNotObserved = 1e-6;                // Splink's value for levels that training never saw

struct Expectation {
  LevelCounts matches;
  LevelCounts non_matches;
  double prior = 0;
};

// What moving u adds to the adjustments of each level: they were computed with the u that the session starts with.
using AdjustmentShifts = std::vector<std::vector<double>>;

Result<Expectation> expect(const std::vector<Comparison>& comparisons, const EmResult& now,
                           const PatternSpace& patterns, const PatternCountSource& counts,
                           const AdjustmentShifts& shifts) {
  Expectation expectation;
  std::vector<std::vector<double>> weights;
  for (size_t c = 0; c < comparisons.size(); ++c) {
    std::vector<double>& of_levels = weights.emplace_back();
    for (size_t l = 0; l < comparisons[c].levels.size(); ++l) {
      of_levels.push_back(
          comparisons[c].levels[l].is_null_level ? 0 : match_weight(now.levels[c][l].m, now.levels[c][l].u));
    }
    of_levels.push_back(std::nan(""));
    expectation.matches.emplace_back(of_levels.size());
    expectation.non_matches.emplace_back(of_levels.size());
  }
  const double prior_weight = probability_to_match_weight(now.probability_two_random_records_match);
  double matches = 0;
  double pairs = 0;
  std::vector<size_t> levels(comparisons.size());
  AgreementPattern decoded = kNoPattern;  // counts of one pattern come one after the other
  const auto add = [&](const PatternCount& count) {
    if (count.pattern != decoded) {
      decoded = count.pattern;
      for (size_t c = 0; c < levels.size(); ++c) levels[c] = patterns.level(decoded, c);
    }
    double weight = prior_weight + count.adjustment;
    for (size_t c = 0; c < levels.size(); ++c) {
      weight += weights[c][levels[c]];
      if ((count.adjusted_comparisons >> (c & 63) & 1) != 0) weight += shifts[c][levels[c]];
    }
    const auto pairs_here = static_cast<double>(count.pairs);
    pairs += pairs_here;
    if (std::isnan(weight)) return;  // a comparison without a level: SQL's null, which sums pass over
    const double probability = match_weight_to_probability(weight);
    matches += probability * pairs_here;
    for (size_t c = 0; c < levels.size(); ++c) {
      expectation.matches[c][levels[c]] += probability * pairs_here;
      expectation.non_matches[c][levels[c]] += (1 - probability) * pairs_here;
    }
  };
  ARROW_RETURN_NOT_OK(counts([&](std::span<const PatternCount> piece) {
    for (const PatternCount& count : piece) add(count);
  }));
  expectation.prior = matches / pairs;
  return expectation;
}

std::vector<double> adjustment_shifts(const Comparison& comparison, const std::vector<EmResult::LevelParameters>& start,
                                      const std::vector<EmResult::LevelParameters>& now) {
  std::vector<double> shifts(comparison.levels.size() + 1);
  for (size_t l = 0; l < comparison.levels.size(); ++l) {
    const auto adjustment = term_frequency_adjustment(comparison, l).ValueOr(std::nullopt);
    if (!adjustment) continue;
    shifts[l] = adjustment->weight * (std::log2(now[adjustment->u_level].u) - std::log2(start[adjustment->u_level].u));
  }
  return shifts;
}

// Moves one parameter of every level; returns the largest move.
template <typename Parameter>
double maximise(const Comparison& comparison, const std::vector<double>& counts,
                bool (*is_fixed)(const ComparisonLevel&), Parameter parameter,
                std::vector<EmResult::LevelParameters>* levels) {
  const std::vector<std::optional<double>> proportions = level_proportions(comparison, counts);
  double largest = 0;
  for (size_t l = 0; l < comparison.levels.size(); ++l) {
    if (comparison.levels[l].is_null_level || is_fixed(comparison.levels[l])) continue;
    const auto [value, observed] = parameter(&(*levels)[l]);
    const double moved = proportions[l].value_or(kNotObserved);
    largest = std::max(largest, std::abs(moved - *value));
    *value = moved;
    *observed = proportions[l].has_value();
  }
  return largest;
}

}  // namespace

Result<EmResult> expectation_maximisation(const std::vector<Comparison>& comparisons, double prior,
                                          const PatternSpace& patterns, std::span<const PatternCount> counts,
                                          const EmOptions& options) {
  const PatternCountSource source = [counts](const PatternCountVisitor& visit) {
    visit(counts);
    return Status::OK();
  };
  return expectation_maximisation(comparisons, prior, patterns, source, options);
}

Result<EmResult> expectation_maximisation(const std::vector<Comparison>& comparisons, double prior,
                                          const PatternSpace& patterns, const PatternCountSource& counts,
                                          const EmOptions& options) {
  EmResult result;
  result.probability_two_random_records_match = prior;
  AdjustmentShifts shifts;
  for (const Comparison& comparison : comparisons) {
    std::vector<EmResult::LevelParameters>& levels = result.levels.emplace_back();
    for (size_t l = 0; l < comparison.levels.size(); ++l) {
      const bool is_null = comparison.levels[l].is_null_level;
      levels.push_back(
          {is_null ? 0 : m_probability(comparison, l), is_null ? 0 : u_probability(comparison, l), true, true});
    }
    shifts.emplace_back(comparison.levels.size() + 1);
  }
  const EmResult start = result;
  while (static_cast<int>(result.iterations.size()) < options.max_iterations) {
    if (options.cancellation != nullptr) ARROW_RETURN_NOT_OK(options.cancellation->check());
    ARROW_ASSIGN_OR_RAISE(const Expectation expectation, expect(comparisons, result, patterns, counts, shifts));
    double largest = 0;
    for (size_t c = 0; c < comparisons.size(); ++c) {
      if (!options.fix_m) {
        largest = std::max(largest, maximise(
                                        comparisons[c], expectation.matches[c],
                                        [](const ComparisonLevel& level) { return level.fix_m_probability; },
                                        [](EmResult::LevelParameters* p) { return std::pair(&p->m, &p->m_observed); },
                                        &result.levels[c]));
      }
      if (!options.fix_u) {
        largest = std::max(largest, maximise(
                                        comparisons[c], expectation.non_matches[c],
                                        [](const ComparisonLevel& level) { return level.fix_u_probability; },
                                        [](EmResult::LevelParameters* p) { return std::pair(&p->u, &p->u_observed); },
                                        &result.levels[c]));
        shifts[c] = adjustment_shifts(comparisons[c], start.levels[c], result.levels[c]);
      }
    }
    if (!options.fix_prior) {
      largest = std::max(largest, std::abs(expectation.prior - result.probability_two_random_records_match));
      result.probability_two_random_records_match = expectation.prior;
    }
    result.iterations.push_back({result.probability_two_random_records_match, largest});
    if (largest < options.convergence) {
      result.converged = true;
      break;
    }
  }
  return result;
}

}  // namespace linkwright
