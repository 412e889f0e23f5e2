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
  explicit TileComparer(ComparisonProgram::Choice choice);

  /// Prepares for the pairs of a tile, of at most CandidatePairs::kTileRows rows a side; its spans must stay valid.
  Status load(const PairTile& tile);

  /// patterns[j] for left place i and every right place j from `first_right`. patterns has right_rows.size() entries.
  Status compare_row(size_t i, size_t first_right, AgreementPattern* patterns);

  /// The same for a choice of one comparison: its levels, of which (*levels)[j] from `first_right` on count. They stay
  /// until the next call.
  Status level_row(size_t i, size_t first_right, const uint8_t** levels) {
    return level_row(chosen_[0], i, first_right, levels);
  }

  /// patterns[k] for pairs[k].
  Status compare_pairs(std::span<const RowPair> pairs, AgreementPattern* patterns);

 private:
  // What is known of one comparator in the tile: outcomes of (left local value, right local value), row by row.
  struct OutcomeTable {
    const ValueComparator* comparator = nullptr;
    size_t left = 0;  // places in `columns_`
    size_t right = 0;
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

  // A chosen comparison: the tables of its comparators, and how they give its level.
  struct Chosen {
    const ComparisonProgram::ComparisonPlan* plan;
    std::vector<size_t> tables;
    uint64_t stride;
  };

  uint32_t code(uint32_t row, size_t column) const { return program_.row_codes(row)[columns_[column]]; }
  const std::vector<LocalValues>& right_values() const { return tile_.diagonal ? left_values_ : right_values_; }
  Status level_row(const Chosen& chosen, size_t i, size_t first_right, const uint8_t** levels);
  Status outcome_row(size_t table, size_t i, const uint8_t** row);
  Status outcomes_of_pairs(size_t table, std::span<const RowPair> pairs, uint8_t* outcomes);
  Status remembered_outcomes(size_t table, std::span<const RowPair> pairs, uint8_t* outcomes);
  void decide_levels(const Chosen& chosen, size_t begin, size_t end);
  void unpack(const Chosen& chosen, size_t begin, size_t size);

  const ComparisonProgram& program_;
  std::vector<Chosen> chosen_;
  std::vector<size_t> columns_;  // those of the program that the chosen comparisons read
  PairTile tile_;
  std::vector<LocalValues> left_values_;   // of each column
  std::vector<LocalValues> right_values_;  // unused in diagonal tiles
  std::vector<OutcomeTable> tables_;       // of each chosen comparator
  std::vector<ValueComparator::Workspace> workspaces_;
  std::vector<std::vector<Remembered>> memory_;  // of each table whose comparator has no ladder
  std::vector<uint32_t> codes_;
  std::vector<std::vector<uint8_t>> outcomes_;  // of each table, one row of right places
  std::vector<uint8_t> levels_;
  std::vector<std::vector<Truth>> truths_;
  std::vector<const Truth*> truth_pointers_;
  LevelRules::Workspace level_workspace_;
  std::vector<uint32_t> left_codes_;
  std::vector<uint32_t> right_codes_;
  std::vector<uint32_t> unknown_;
  std::vector<uint32_t> unknown_left_;
  std::vector<uint32_t> unknown_right_;
  std::vector<uint8_t> unknown_outcomes_;
};

}  // namespace linkwright
