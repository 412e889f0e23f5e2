#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/cancellation.h"
#include "base/progress.h"
#include "base/status.h"
#include "base/thread_pool.h"
#include "block/candidate_pairs.h"
#include "block/pair_filter.h"
#include "column/agreement_pattern.h"
#include "column/pair_tile.h"
#include "compare/comparison_program.h"
#include "compare/pair_comparer.h"
#include "compare/tile_comparer.h"

namespace linkwright {

/// Where blocking and comparing meet: goes through the candidate pairs of a unit and gives their agreement patterns.
/// One a thread.
///
/// Large tiles are compared row against row; the pairs of small blocks are collected across blocks first, since for a
/// handful of pairs preparing a tile costs more than comparing them.
class PairScan {
 public:
  /// With `bounds`, hopeless pairs may be left out where that saves work. `progress` (may be null) is told of pairs.
  PairScan(const CandidatePairs& pairs, const ComparisonProgram::Choice& choice, const LevelBounds* bounds,
           Progress* progress)
      : pairs_(pairs),
        bounds_(bounds),
        few_pairs_(bounds == nullptr ? kFewPairs : kFewWithBounds),
        progress_(progress),
        filter_(pairs),
        tile_comparer_(choice),
        pair_comparer_(choice) {}

  /// Pairs that counted, since the scan was made: hopeless ones as well.
  uint64_t num_pairs() const { return num_pairs_; }

  /// Calls `sink(pair, pattern)` for every pair of the unit that counts, in an order that depends on the data only.
  template <typename Sink>
  Status scan(const PairUnit& unit, const Cancellation* cancellation, const Sink& sink) {
    told_of_unit_ = untold_ = 0;
    ARROW_RETURN_NOT_OK(pairs_.for_each_tile(unit, [&](const PairTile& tile, uint32_t block) -> Status {
      if (tile.num_pairs() < few_pairs_) return collect(unit, tile, block, sink);
      return scan_tile(unit, tile, block, cancellation, sink);
    }));
    ARROW_RETURN_NOT_OK(filter_made(unit, sink));
    ARROW_RETURN_NOT_OK(compare_collected(sink));
    if (progress_ != nullptr) progress_->advance(unit.num_pairs - std::min(unit.num_pairs, told_of_unit_));
    return Status::OK();
  }

 private:
  struct MadePair {
    RowPair pair;
    uint32_t block;
  };

  // Below these a tile's set-up costs more than it saves, more so where hopeless pairs need not be compared to the end;
  // measured on people 1M (docs/performance.md).
  static constexpr uint64_t kFewPairs = 45;
  static constexpr uint64_t kFewWithBounds = 300;
  static constexpr size_t kCollected = 1024;
  // Whether a pair counts is read from memory that is asked for when it is made, so many pairs before.
  static constexpr size_t kMade = 128;
  // A part of a large block has 16 million pairs, which take seconds where comparing is slow.
  static constexpr uint64_t kPairsBetweenReports = uint64_t{1} << 18;

  template <typename Sink>
  Status scan_tile(const PairUnit& unit, const PairTile& tile, uint32_t block, const Cancellation* cancellation,
                   const Sink& sink) {
    ARROW_RETURN_NOT_OK(filter_.load(unit, tile, block));
    ARROW_RETURN_NOT_OK(tile_comparer_.load(tile));
    keep_.resize(tile.right_rows.size());
    patterns_.resize(std::max(patterns_.size(), tile.right_rows.size()));
    const bool keeps_all = filter_.keeps_all();
    for (size_t i = 0; i < tile.left_rows.size(); ++i) {
      if (cancellation != nullptr && cancellation->requested()) return cancellation->check();
      const size_t first = tile.first_right(i);
      tell_progress(tile.right_rows.size() - first);
      size_t kept = tile.right_rows.size() - first;
      if (!keeps_all) {
        ARROW_ASSIGN_OR_RAISE(kept, filter_.keep(i, keep_.data()));
      }
      if (kept == 0) continue;
      num_pairs_ += kept;
      ARROW_RETURN_NOT_OK(tile_comparer_.compare_row(i, first, patterns_.data()));
      std::span<const uint32_t> rights = tile.right_rows.subspan(first);
      const AgreementPattern* patterns = patterns_.data() + first;
      if (kept < rights.size()) {
        take_kept(rights, first);
        rights = std::span(kept_rows_).first(kept);
        patterns = patterns_.data();
      }
      for (size_t k = 0; k < kept; ++k) sink(RowPair{tile.left_rows[i], rights[k]}, patterns[k]);
    }
    return Status::OK();
  }

  // Brings the kept ones of a row to the front, with their patterns. Which these are cannot be foretold, so nothing
  // branches on it.
  void take_kept(std::span<const uint32_t> rights, size_t first) {
    kept_rows_.resize(std::max(kept_rows_.size(), rights.size()));
    size_t kept = 0;
    for (size_t j = 0; j < rights.size(); ++j) {
      kept_rows_[kept] = rights[j];
      patterns_[kept] = patterns_[first + j];
      kept += keep_[first + j];
    }
  }

  template <typename Sink>
  Status collect(const PairUnit& unit, const PairTile& tile, uint32_t block, const Sink& sink) {
    filter_.prefetch(unit, tile);
    for (size_t i = 0; i < tile.left_rows.size(); ++i) {
      for (size_t j = tile.first_right(i); j < tile.right_rows.size(); ++j) {
        made_.push_back({{tile.left_rows[i], tile.right_rows[j]}, block});
      }
    }
    return made_.size() < kMade ? Status::OK() : filter_made(unit, sink);
  }

  template <typename Sink>
  Status filter_made(const PairUnit& unit, const Sink& sink) {
    for (const auto& [pair, block] : made_) {
      ARROW_ASSIGN_OR_RAISE(const bool kept, filter_.keeps(unit, block, pair));
      if (!kept) continue;
      pair_comparer_.prefetch(pair);
      collected_.push_back(pair);
    }
    made_.clear();
    return collected_.size() < kCollected ? Status::OK() : compare_collected(sink);
  }

  template <typename Sink>
  Status compare_collected(const Sink& sink) {
    num_pairs_ += collected_.size();
    if (bounds_ != nullptr) {
      ARROW_RETURN_NOT_OK(pair_comparer_.compare_hopeful(*bounds_, &collected_, &patterns_));
    } else {
      patterns_.resize(std::max(patterns_.size(), collected_.size()));
      ARROW_RETURN_NOT_OK(pair_comparer_.compare(collected_, patterns_.data()));
    }
    for (size_t k = 0; k < collected_.size(); ++k) sink(collected_[k], patterns_[k]);
    collected_.clear();
    return Status::OK();
  }

  void tell_progress(uint64_t pairs) {
    untold_ += pairs;
    if (untold_ < kPairsBetweenReports || progress_ == nullptr) return;
    progress_->advance(untold_);
    told_of_unit_ += untold_;
    untold_ = 0;
  }

  const CandidatePairs& pairs_;
  const LevelBounds* bounds_;
  uint64_t few_pairs_;
  Progress* progress_;
  uint64_t told_of_unit_ = 0;
  uint64_t untold_ = 0;
  uint64_t num_pairs_ = 0;
  PairFilter filter_;
  TileComparer tile_comparer_;
  PairComparer pair_comparer_;
  std::vector<uint8_t> keep_;
  std::vector<AgreementPattern> patterns_;
  std::vector<uint32_t> kept_rows_;
  std::vector<MadePair> made_;      // by small blocks, to be asked whether they count
  std::vector<RowPair> collected_;  // of these, to be compared
};

}  // namespace linkwright
