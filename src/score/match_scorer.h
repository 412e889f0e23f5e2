#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "column/agreement_pattern.h"
#include "column/pair_tile.h"
#include "column/record_table.h"
#include "model/linkage_model.h"

namespace linkwright {

/// Match weights of pairs from their agreement patterns and the term frequencies of their values.
///
/// A pair's weight is log2(prior odds) plus, for each comparison, the level's weight and its term frequency adjustment
/// w * (log2(u) - log2(max(tf_left, tf_right, minimum u))). A pair for which some comparison has no level has a weight
/// of NaN (Splink: null). Borrows the records. Immutable; thread-safe. Source: Splink 5 (reference section 5.9).
class MatchScorer {
 public:
  static Result<MatchScorer> make(const std::vector<Comparison>& comparisons,
                                  double probability_two_random_records_match, const PatternSpace& patterns,
                                  const RecordTable& records);

  double match_weight(AgreementPattern pattern, RowPair pair) const;

  /// The most `match_weight` can be for any pair with this pattern.
  double highest_match_weight(AgreementPattern pattern) const;

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

  double level_weight(size_t comparison, size_t level) const { return weights_[comparison][level]; }

  /// 0 for levels without an adjustment and where neither record has a frequency.
  double term_frequency_adjustment(size_t comparison, size_t level, RowPair pair) const;
  bool has_term_frequency_adjustments(size_t comparison) const { return adjusts_[comparison]; }

  /// Sum of a pair's adjustments, and which comparisons (bit c for comparison c < 64) had one.
  struct Adjustments {
    double sum = 0;
    uint64_t comparisons = 0;
  };
  Adjustments adjustments(AgreementPattern pattern, RowPair pair) const;

  double prior_weight() const { return prior_weight_; }

 private:
  struct LevelAdjustment {
    bool exists = false;
    size_t column = 0;  // of those with term frequencies
    double weight = 0;
    double log2_u = 0;
    double log2_minimum = 0;
    double highest = 0;
  };
  // What all pairs of a pattern have in common.
  struct PatternWeight {
    double weight = 0;   // prior and levels
    double highest = 0;  // with the highest adjustments
    bool adjusted = false;
  };

  static double adjusted(const LevelAdjustment& adjustment, double log2_frequency);
  void fill_pattern_weights();
  PatternWeight pattern_weight(AgreementPattern pattern) const;
  // By row, of a column with term frequencies; -inf for null.
  double log2_frequency(uint32_t row, size_t column) const {
    return log2_frequencies_[size_t{row} * frequency_columns_.size() + column];
  }

  PatternSpace patterns_;
  double prior_weight_ = 0;
  std::vector<std::vector<double>> weights_;  // of every level; NaN for "no level"
  std::vector<std::vector<LevelAdjustment>> adjustments_;
  std::vector<bool> adjusts_;
  std::vector<PatternWeight> pattern_weights_;  // empty where the patterns are too many
  std::vector<const EncodedColumn*> frequency_columns_;
  std::vector<std::vector<double>> log2_frequency_of_code_;  // of each of those
  std::vector<double> log2_frequencies_;                     // a row's side by side: one cache miss a row
};

}  // namespace linkwright
