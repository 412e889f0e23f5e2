#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "column/agreement_pattern.h"
#include "column/pair_tile.h"
#include "column/record_table.h"
#include "column/row_numbers.h"
#include "model/linkage_model.h"

namespace linkwright {

/// Match weights of pairs from their agreement patterns and the term frequencies of their values.
///
/// A pair's weight is log2(prior odds) plus, for each comparison, the level's weight and its term frequency adjustment
/// w * (log2(u) - log2(max(tf_left, tf_right, minimum u))). A pair for which some comparison has no level has a weight
/// of NaN (Splink: null). Borrows the records. Immutable; thread-safe. Source: Splink 5 (reference section 5.9).
class MatchScorer {
 public:
  MatchScorer(MatchScorer&&) = default;
  MatchScorer& operator=(MatchScorer&&) = default;

  /// Errors: a column of term frequencies that the records do not have, or that no level of its comparison is an exact
  /// match on.
  static Result<MatchScorer> make(const std::vector<Comparison>& comparisons,
                                  double probability_two_random_records_match, const PatternSpace& patterns,
                                  const RecordTable& records);

  double match_weight(AgreementPattern pattern, RowPair pair) const {
    if (pattern_weights_.empty()) return match_weight_by_levels(pattern, pair);
    const PatternWeight& common = pattern_weights_[pattern];
    double weight = common.weight;
    for (const Adjustment& adjustment : adjustment_sets_[common.adjustment_set]) {
      weight += adjustment.of_rank[larger_rank(pair, adjustment.column)];
    }
    return weight;
  }

  /// Asks for the frequencies of a pair that is soon to be weighed.
  void prefetch(RowPair pair) const {
    ranks_.prefetch(pair.left);
    ranks_.prefetch(pair.right);
  }

  /// The most `match_weight` can be for any pair with this pattern.
  double highest_match_weight(AgreementPattern pattern) const {
    return highest_weights_.empty() ? highest_match_weight_by_levels(pattern) : highest_weights_[pattern];
  }

  /// The most that a level and its term frequency adjustment can add to a weight; minus infinity for "no level", which
  /// has no weight.
  double highest_level_weight(size_t comparison, size_t level) const;

  /// What a level adds to the weight of pairs that have the same value in the column of its term frequencies.
  struct EqualValueWeights {
    const EncodedColumn* column;  // borrowed from the records
    std::vector<double> of_code;
  };
  /// None for levels without an adjustment.
  std::optional<EqualValueWeights> equal_value_weights(size_t comparison, size_t level) const;

  /// The ranks of the frequencies that a level's adjustment goes by; null for levels without.
  const TermFrequencyRanks* frequency_ranks(size_t comparison, size_t level) const {
    const LevelAdjustment& adjustment = adjustments_[comparison][level];
    return adjustment.exists() ? &frequency_ranks_[adjustment.column] : nullptr;
  }

  double level_weight(size_t comparison, size_t level) const { return weights_[comparison][level]; }

  /// 0 for levels without an adjustment and where neither record has a frequency.
  double term_frequency_adjustment(size_t comparison, size_t level, RowPair pair) const;
  bool has_term_frequency_adjustments(size_t comparison) const { return adjusts_[comparison]; }

  /// The adjustments of a level by the rank of the larger frequency (TermFrequencyRanks of its column), 0 for rank 0;
  /// empty for levels without.
  std::span<const double> term_frequency_adjustments(size_t comparison, size_t level) const {
    return adjustments_[comparison][level].of_rank;
  }

  /// Sum of a pair's adjustments, and which comparisons (bit c for comparison c < 64) had one.
  struct Adjustments {
    double sum = 0;
    uint64_t comparisons = 0;
  };
  Adjustments adjustments(AgreementPattern pattern, RowPair pair) const;

  double prior_weight() const { return prior_weight_; }

 private:
  MatchScorer() = default;

  struct LevelAdjustment {
    std::vector<double> of_rank;  // of the larger frequency; empty: no adjustment
    size_t column = 0;            // of those with term frequencies
    double highest = 0;

    bool exists() const { return !of_rank.empty(); }
  };
  // What all pairs of a pattern have in common.
  struct PatternWeight {
    double weight = 0;  // prior and levels
    uint32_t adjustment_set = 0;
  };
  // A LevelAdjustment that exists, as the pairs of a pattern need it; borrowed from `adjustments_`.
  struct Adjustment {
    const double* of_rank;
    size_t column;
  };

  void fill_pattern_weights();
  double match_weight_by_levels(AgreementPattern pattern, RowPair pair) const;
  double highest_match_weight_by_levels(AgreementPattern pattern) const;
  // Of the value that is more frequent; 0 where both are null. A null has rank 0, so it counts only against another, as
  // in Splink's coalesce.
  uint16_t larger_rank(RowPair pair, size_t column) const {
    return std::max(ranks_.row(pair.left)[column], ranks_.row(pair.right)[column]);
  }

  PatternSpace patterns_;
  double prior_weight_ = 0;
  std::vector<std::vector<double>> weights_;  // of every level; NaN for "no level"
  std::vector<std::vector<LevelAdjustment>> adjustments_;
  std::vector<bool> adjusts_;
  std::vector<PatternWeight> pattern_weights_;            // empty where the patterns are too many
  std::vector<double> highest_weights_;                   // of the same patterns
  std::vector<std::vector<Adjustment>> adjustment_sets_;  // the first is empty
  std::vector<const EncodedColumn*> frequency_columns_;
  std::vector<TermFrequencyRanks> frequency_ranks_;  // of each of those
  RowNumbers<uint16_t> ranks_;
};

}  // namespace linkwright
