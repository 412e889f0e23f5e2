#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/status.h"
#include "column/agreement_pattern.h"
#include "column/pair_tile.h"
#include "compare/comparison_program.h"
#include "compare/local_values.h"

namespace linkwright {

/// Turns candidate pairs into agreement patterns: the inner loop of linkwright. One a thread.
///
/// A tile's rows share few distinct values, so for every comparator a table (left value, right value) -> outcome is
/// filled row by row with the one-against-many kernels, and a pair costs one byte look-up a comparator. Pairs of small
/// blocks go through `compare_pairs`, where outcomes that are dear to compute are remembered across blocks.
class TileComparer {
 public:
  explicit TileComparer(const ComparisonProgram& program);

  /// Prepares for the pairs of a tile, of at most CandidatePairs::kTileRows rows a side; its spans must stay valid.
  Status load(const PairTile& tile);

  /// patterns[j] for left place i and every right place j from `first_right`. patterns has right_rows.size() entries.
  Status compare_row(size_t i, size_t first_right, AgreementPattern* patterns);

  /// patterns[k] for pairs[k].
  Status compare_pairs(std::span<const RowPair> pairs, AgreementPattern* patterns);

 private:
  // What is known of one comparator in the tile: outcomes of (left local value, right local value), row by row.
  struct OutcomeTable {
    RightValues rights;
    std::vector<uint8_t> outcomes;
    std::vector<uint8_t> row_known;
    bool keeps_rows = true;  // false: too many values to keep more than the row at hand
    uint32_t row_at_hand = 0;
  };
  struct Remembered {
    uint64_t codes;
    uint8_t outcome;
  };

  Status outcome_row(size_t comparator, size_t i, const uint8_t** row);
  Status outcomes_of_pairs(size_t comparator, std::span<const RowPair> pairs, uint8_t* outcomes);
  Status remembered_outcomes(size_t comparator, std::span<const RowPair> pairs, uint8_t* outcomes);
  void unpack(const ComparisonProgram::ComparisonPlan& plan, size_t begin, size_t size);

  const ComparisonProgram& program_;
  PairTile tile_;
  std::vector<LocalValues> left_values_;   // of each column
  std::vector<LocalValues> right_values_;  // unused in diagonal tiles
  std::vector<OutcomeTable> tables_;       // of each comparator
  std::vector<ValueComparator::Workspace> workspaces_;
  std::vector<std::vector<Remembered>> memory_;  // of each comparator without a ladder
  std::vector<uint32_t> codes_;
  std::vector<std::vector<uint8_t>> outcomes_;  // of each comparator, one row of right places
  std::vector<uint8_t> levels_;
  std::vector<std::vector<Truth>> truths_;
  LevelRules::Workspace level_workspace_;
  std::vector<uint32_t> left_codes_;
  std::vector<uint32_t> right_codes_;
  std::vector<uint32_t> unknown_;
  std::vector<uint32_t> unknown_left_;
  std::vector<uint32_t> unknown_right_;
  std::vector<uint8_t> unknown_outcomes_;
};

}  // namespace linkwright
