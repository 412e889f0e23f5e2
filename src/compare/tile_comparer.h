#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/status.h"
#include "column/agreement_pattern.h"
#include "column/pair_tile.h"
#include "compare/chosen_comparisons.h"
#include "compare/comparison_program.h"
#include "compare/local_values.h"

namespace linkwright {

/// Turns candidate pairs into agreement patterns: the inner loop of linkwright. One a thread.
///
/// For every comparator a table (left value, right value) -> outcome is filled, some rows at a time, with the
/// many-to-many kernels, and a pair costs one byte look-up a comparator. For the few pairs of a small block that does
/// not pay: PairComparer.
class TileComparer {
 public:
  explicit TileComparer(const ComparisonProgram::Choice& choice);

  /// Prepares for the pairs of a tile, of at most CandidatePairs::kTileRows rows a side; its spans must stay valid.
  Status load(const PairTile& tile);

  /// patterns[j] for left place i and every right place j from `first_right`. patterns has right_rows.size() entries.
  Status compare_row(size_t i, size_t first_right, AgreementPattern* patterns);

  /// The same for a choice of one comparison: its levels, of which (*levels)[j] from `first_right` on count. They stay
  /// until the next call.
  Status level_row(size_t i, size_t first_right, const uint8_t** levels) {
    return level_row(chosen_.comparisons[0], i, first_right, levels);
  }

 private:
  // What is known of one comparator in the tile: outcomes of (left local value, right local value), row by row.
  struct OutcomeTable {
    RightValues rights;
    std::vector<uint8_t> outcomes;
    std::vector<uint8_t> row_known;
    bool keeps_rows = true;      // false: too many values to keep more than the rows at hand
    uint32_t first_at_hand = 0;  // of the rows filled last
  };

  const std::vector<LocalValues>& right_values() const { return tile_.diagonal ? left_values_ : right_values_; }
  Status level_row(const ChosenComparisons::Comparison& comparison, size_t i, size_t first_right,
                   const uint8_t** levels);
  Status outcome_row(size_t comparator, size_t i, const uint8_t** row);
  Status fill_rows(size_t comparator, uint32_t first);

  ChosenComparisons chosen_;
  PairTile tile_;
  std::vector<LocalValues> left_values_;   // of each column
  std::vector<LocalValues> right_values_;  // unused in diagonal tiles
  std::vector<OutcomeTable> tables_;       // of each comparator
  std::vector<ValueComparator::Workspace> workspaces_;
  std::vector<uint32_t> codes_;
  std::vector<std::vector<uint8_t>> outcomes_;  // of each comparator, one row of right places
  std::vector<uint8_t> levels_;
  LevelDecider decider_;
};

}  // namespace linkwright
