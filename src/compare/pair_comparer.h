#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/status.h"
#include "column/agreement_pattern.h"
#include "column/pair_tile.h"
#include "compare/chosen_comparisons.h"

namespace linkwright {

/// What a pair's levels can add up to, and what they have to: a pair that cannot get there is hopeless.
struct LevelBounds {
  // What one level adds where both values of a column are the same: with their term frequency, and so closer.
  struct EqualValues {
    size_t level;
    const EncodedColumn* column;
    std::vector<double> most;  // by code
  };

  std::vector<std::vector<double>> most;                    // of each chosen comparison and outcome (PatternSpace)
  std::vector<std::optional<EqualValues>> of_equal_values;  // of each chosen comparison
  double needed = 0;
};

/// Compares pairs one by one, for small blocks and given pairs. Outcomes that are dear to compute are remembered from
/// pair to pair. One a thread.
class PairComparer {
 public:
  explicit PairComparer(const ComparisonProgram::Choice& choice);

  /// Asks for what is read of a pair, which is soon to be compared.
  void prefetch(RowPair pair) const {
    __builtin_prefetch(chosen_.program.row_codes(pair.left));
    __builtin_prefetch(chosen_.program.row_codes(pair.right));
  }

  /// patterns[k] for pairs[k].
  Status compare(std::span<const RowPair> pairs, AgreementPattern* patterns);

  /// Drops the hopeless among the pairs, keeping the order of the others, and gives the patterns of those. What codes
  /// alone settle (null, equal) is looked at first, then the comparisons from short texts to long ones: most pairs are
  /// hopeless before their longest texts are read.
  Status compare_hopeful(const LevelBounds& bounds, std::vector<RowPair>* pairs,
                         std::vector<AgreementPattern>* patterns);

 private:
  struct Remembered {
    uint64_t codes;
    uint8_t outcome;
  };
  // A pair on its way through the comparisons.
  struct Candidate {
    double most;  // that its levels can still add up to
    AgreementPattern pattern;
    uint32_t pair;
  };

  Status levels_of(const ChosenComparisons::Comparison& comparison, std::span<const RowPair> pairs,
                   const uint8_t** levels);
  Status outcomes_of(size_t comparator, std::span<const RowPair> pairs, uint8_t* outcomes);
  Status remembered_outcomes(size_t comparator, std::span<const RowPair> pairs, uint8_t* outcomes);
  void read_codes(std::span<const RowPair> pairs, size_t left_column, size_t right_column);
  void settle_by_codes(size_t comparison, const LevelBounds& bounds, std::span<const RowPair> pairs);
  Status settle(size_t comparison, const std::vector<double>& most, std::span<const RowPair> pairs);
  void drop_hopeless(double needed);

  ChosenComparisons chosen_;
  std::vector<size_t> by_cost_;                         // comparisons, the cheapest first
  std::vector<ValueComparator::Workspace> workspaces_;  // of each comparator
  std::vector<std::vector<Remembered>> memory_;         // of each comparator without a ladder
  std::vector<std::vector<uint8_t>> outcomes_;          // of each comparator
  std::vector<uint8_t> levels_;
  LevelDecider decider_;

  std::vector<Candidate> candidates_;
  std::vector<std::vector<uint8_t>> settled_;  // of each comparison and pair: its level, or kUnsettled
  std::vector<RowPair> unsettled_;
  std::vector<uint32_t> unsettled_candidates_;

  std::vector<uint32_t> left_codes_;
  std::vector<uint32_t> right_codes_;
  std::vector<uint32_t> unknown_;
  std::vector<uint32_t> unknown_left_;
  std::vector<uint32_t> unknown_right_;
  std::vector<uint8_t> unknown_outcomes_;
};

}  // namespace linkwright
