#include "score/match_scorer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "model/match_weights.h"

namespace linkwright {

namespace {

constexpr double kMinusInfinity = -std::numeric_limits<double>::infinity();

// By the rank of the larger frequency: weight * (log2(u) - log2(max(frequency, minimum u))).
std::vector<double> adjustments_of_ranks(const TermFrequencyAdjustment& wanted, std::span<const double> frequencies) {
  const double log2_u = std::log2(wanted.u_probability);
  const double log2_minimum = wanted.minimum_u > 0 ? std::log2(wanted.minimum_u) : kMinusInfinity;
  std::vector<double> adjustments = {0.0};
  for (const double frequency : frequencies.subspan(1)) {
    adjustments.push_back(wanted.weight * (log2_u - std::max(std::log2(frequency), log2_minimum)));
  }
  return adjustments;
}

}  // namespace

Result<MatchScorer> MatchScorer::make(const std::vector<Comparison>& comparisons,
                                      double probability_two_random_records_match, const PatternSpace& patterns,
                                      const RecordTable& records) {
  MatchScorer scorer;
  scorer.patterns_ = patterns;
  scorer.prior_weight_ = probability_to_match_weight(probability_two_random_records_match);
  std::map<std::string, size_t> places;
  std::vector<const EncodedColumn*>& columns = scorer.frequency_columns_;
  std::vector<TermFrequencyRanks>& ranks = scorer.frequency_ranks_;
  for (const Comparison& comparison : comparisons) {
    std::vector<double>& weights = scorer.weights_.emplace_back();
    std::vector<LevelAdjustment>& adjustments = scorer.adjustments_.emplace_back();
    bool adjusts = false;
    for (size_t level = 0; level < comparison.levels.size(); ++level) {
      weights.push_back(linkwright::match_weight(comparison, level));
      LevelAdjustment& adjustment = adjustments.emplace_back();
      ARROW_ASSIGN_OR_RAISE(const auto wanted, linkwright::term_frequency_adjustment(comparison, level));
      adjusts = adjusts || !comparison.levels[level].tf_adjustment_column.empty();
      if (!wanted) continue;
      const auto [place, is_new] = places.try_emplace(wanted->column, columns.size());
      if (is_new) {
        ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), records.column(wanted->column));
        ARROW_ASSIGN_OR_RAISE(ranks.emplace_back(), rank_term_frequencies(*columns.back()));
      }
      adjustment.column = place->second;
      adjustment.of_rank = adjustments_of_ranks(*wanted, ranks[adjustment.column].frequencies);
      adjustment.highest = *std::max_element(adjustment.of_rank.begin(), adjustment.of_rank.end());
    }
    weights.push_back(std::numeric_limits<double>::quiet_NaN());
    adjustments.emplace_back();
    scorer.adjusts_.push_back(adjusts);
  }
  scorer.ranks_ = RowNumbers<uint16_t>(records.num_rows(), columns.size());
  for (size_t c = 0; c < columns.size(); ++c) {
    for (size_t row = 0; row < records.num_rows(); ++row) {
      scorer.ranks_.row(row)[c] = ranks[c].rank_of_code[columns[c]->codes[row]];
    }
  }
  scorer.fill_pattern_weights();
  return scorer;
}

// Pattern by pattern, comparison by comparison: those of the first c comparisons come first in the space.
void MatchScorer::fill_pattern_weights() {
  if (!patterns_.fits_table()) return;
  pattern_weights_.resize(patterns_.size());
  highest_weights_.resize(patterns_.size());
  pattern_weights_[0] = {prior_weight_, 0};
  highest_weights_[0] = prior_weight_;
  adjustment_sets_.emplace_back();
  uint64_t known = 1;
  for (size_t c = 0; c < weights_.size(); ++c) {
    const size_t known_sets = adjustment_sets_.size();
    for (size_t level = weights_[c].size(); level-- > 0;) {
      const LevelAdjustment& adjustment = adjustments_[c][level];
      size_t first_set = 0;
      if (adjustment.exists()) {
        first_set = adjustment_sets_.size();
        for (size_t set = 0; set < known_sets; ++set) {
          adjustment_sets_.push_back(adjustment_sets_[set]);
          adjustment_sets_.back().push_back({adjustment.of_rank.data(), adjustment.column});
        }
      }
      for (uint64_t before = 0; before < known; ++before) {
        const PatternWeight common = pattern_weights_[before];
        const double highest = highest_weights_[before];
        pattern_weights_[level * known + before] = {common.weight + weights_[c][level],
                                                    static_cast<uint32_t>(first_set + common.adjustment_set)};
        highest_weights_[level * known + before] = highest + weights_[c][level] + adjustment.highest;
      }
    }
    known *= weights_[c].size();
  }
}

double MatchScorer::match_weight_by_levels(AgreementPattern pattern, RowPair pair) const {
  double weight = prior_weight_;
  for (size_t c = 0; c < weights_.size(); ++c) weight += weights_[c][patterns_.level(pattern, c)];
  for (size_t c = 0; c < weights_.size(); ++c) {
    weight += term_frequency_adjustment(c, patterns_.level(pattern, c), pair);
  }
  return weight;
}

double MatchScorer::highest_match_weight_by_levels(AgreementPattern pattern) const {
  double highest = prior_weight_;
  for (size_t c = 0; c < weights_.size(); ++c) {
    const size_t level = patterns_.level(pattern, c);
    highest += weights_[c][level] + adjustments_[c][level].highest;
  }
  return highest;
}

double MatchScorer::term_frequency_adjustment(size_t comparison, size_t level, RowPair pair) const {
  const LevelAdjustment& adjustment = adjustments_[comparison][level];
  return adjustment.exists() ? adjustment.of_rank[larger_rank(pair, adjustment.column)] : 0;
}

double MatchScorer::highest_level_weight(size_t comparison, size_t level) const {
  if (level + 1 == weights_[comparison].size()) return kMinusInfinity;
  return weights_[comparison][level] + adjustments_[comparison][level].highest;
}

std::optional<MatchScorer::EqualValueWeights> MatchScorer::equal_value_weights(size_t comparison, size_t level) const {
  const LevelAdjustment& adjustment = adjustments_[comparison][level];
  if (!adjustment.exists()) return std::nullopt;
  EqualValueWeights weights{frequency_columns_[adjustment.column], {}};
  for (const uint16_t rank : frequency_ranks_[adjustment.column].rank_of_code) {
    weights.of_code.push_back(weights_[comparison][level] + adjustment.of_rank[rank]);
  }
  return weights;
}

MatchScorer::Adjustments MatchScorer::adjustments(AgreementPattern pattern, RowPair pair) const {
  Adjustments total;
  for (size_t c = 0; c < weights_.size(); ++c) {
    if (!adjusts_[c]) continue;
    const LevelAdjustment& adjustment = adjustments_[c][patterns_.level(pattern, c)];
    if (!adjustment.exists()) continue;
    const uint16_t rank = larger_rank(pair, adjustment.column);
    if (rank == 0) continue;
    total.sum += adjustment.of_rank[rank];
    total.comparisons |= uint64_t{1} << (c & 63);
  }
  return total;
}

}  // namespace linkwright
