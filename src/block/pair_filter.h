#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/status.h"
#include "block/candidate_pairs.h"

namespace linkwright {

/// Tells which pairs of a tile are pairs of its rule: not made by an earlier rule, its filter true, ids in order, and
/// of different datasets where only links are wanted. One a thread.
class PairFilter {
 public:
  explicit PairFilter(const CandidatePairs& pairs);
  ~PairFilter();

  /// Prepares for the tiles of one arm; the tile's spans must stay valid until the next `load`.
  Status load(const PairUnit& unit, const PairTile& tile, uint32_t block);

  /// Whether all pairs of the tile count.
  bool keeps_all() const { return !check_source_ && !check_pairs_ && earlier_plain_arms_.empty(); }

  /// Sets keep[j] to 1 for every right place j whose pair with the left place `i` counts and to 0 for others; returns
  /// how many count: none before `tile.first_right(i)`. `keep` has right_rows.size() bytes.
  Result<size_t> keep(size_t i, uint8_t* keep);

  /// The same for one pair of rows, of which nothing is known but that the arm's keys agree in `block`. Needs no
  /// `load`.
  Result<bool> keeps(const PairUnit& unit, uint32_t block, RowPair pair);

  /// Asks for what `keeps` reads of a tile's rows, whose pairs are soon to be asked about.
  void prefetch(const PairUnit& unit, const PairTile& tile) const;

 private:
  struct Conditions;

  void exclude_earlier(size_t i, uint8_t* keep) const;
  Result<bool> filters_hold(uint32_t arm, RowPair pair);

  const CandidatePairs& pairs_;
  std::unique_ptr<Conditions> conditions_;
  PairTile tile_;
  uint32_t arm_ = 0;
  uint32_t block_ = 0;
  bool check_source_ = false;
  bool check_pairs_ = false;          // something that must be asked pair by pair
  std::vector<uint32_t> left_keys_;   // earlier plain arms x left rows
  std::vector<uint32_t> right_keys_;  // earlier plain arms x right rows
  std::vector<uint32_t> earlier_plain_arms_;
};

}  // namespace linkwright
