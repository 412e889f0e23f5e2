#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/cancellation.h"
#include "base/status.h"
#include "base/thread_pool.h"
#include "block/block_index.h"
#include "block/blocking_rule.h"
#include "block/meeting.h"
#include "column/pair_tile.h"
#include "column/record_table.h"
#include "column/row_numbers.h"

namespace linkwright {

/// A piece of the candidate pairs that one thread works through: several small blocks of one arm, or a part of a large
/// one. Pieces depend on the data only, never on the number of threads.
struct PairUnit {
  uint32_t arm = 0;
  uint32_t first_block = 0;  // of the arm's blocks, or of its meetings
  uint32_t last_block = 0;   // inclusive
  uint32_t left_part = 0;    // of a block that is too large for one tile
  uint32_t right_part = 0;
  bool is_part = false;
  uint64_t num_pairs = 0;       // before earlier rules and filters are taken off
  uint32_t most_left_rows = 0;  // of a piece that samples a large block: its first rows with those behind them; 0: all
};

/// The pairs that a list of blocking rules makes, each once, under the first rule that makes it; never materialised.
///
/// Pairs have left id < right id; with several datasets and `links_only`, records of one dataset do not meet. Null keys
/// make no pair. Immutable once made; thread-safe, with one `PairFilter` a thread.
/// Source: Splink 5 blocking semantics (reference section 5.2; docs/decisions/0004-pair-semantics.md).
class CandidatePairs {
 public:
  struct Options {
    bool links_only = false;
    EvaluationOptions evaluation;
    /// Where records are spread over partitions: which blocks make their pairs here. Lent for the making only. Null:
    /// all records are here.
    const BlockShare* share = nullptr;
  };

  /// No rules: every record with every other. Not to be called from work of the pool. Errors: a key or filter that
  /// cannot be computed, with its rule; cancelled.
  static Result<CandidatePairs> make(std::vector<BlockingRule> rules, const RecordTable& records,
                                     const Options& options, ThreadPool& pool,
                                     const Cancellation* cancellation = nullptr);

  size_t num_units() const { return num_units_; }
  /// Units are in order of rule, and within one in order of block.
  PairUnit unit(size_t index) const;
  /// Before earlier rules and filters are taken off.
  uint64_t num_pairs_before_exclusion() const;
  uint64_t num_pairs_before_exclusion(size_t rule) const;
  size_t num_rules() const { return rules_.size(); }
  const BlockingRule& rule(size_t index) const { return rules_[index]; }

  /// A small piece of a unit around its pair number `offset`, to tell what the unit is like without going through it:
  /// a few thousand pairs of small blocks, or the first rows of a large one.
  PairUnit piece(const PairUnit& unit, uint64_t offset) const;

  /// Index of the rule that a unit's pairs carry as match key.
  uint32_t match_key(const PairUnit& unit) const { return arms_[unit.arm].rule; }

  /// Calls `visit(tile, block)` for every tile of a unit, in a fixed order, until it fails.
  Status for_each_tile(const PairUnit& unit,
                       const std::function<Status(const PairTile& tile, uint32_t block)>& visit) const;

  /// The largest blocks of a rule, most rows first.
  struct BlockSize {
    uint64_t left_rows;
    uint64_t right_rows;
    uint64_t num_pairs;
    uint32_t example_row;
    uint32_t arm;  // for `condition`
  };
  std::vector<BlockSize> largest_blocks(size_t rule, size_t count) const;

  /// The keys and filters of an arm of a rule.
  const RuleArm& condition(uint32_t arm) const { return arms_[arm].condition; }

  /// Most rows a tile has on a side; larger blocks are cut into a grid of tiles.
  static constexpr uint32_t kTileRows = 4096;

 private:
  friend class PairFilter;
  struct Arm {
    uint32_t rule = 0;
    RuleArm condition;
    BlockIndex index;
    std::optional<Meetings> meetings;  // where only some blocks make their pairs here

    uint32_t num_meetings() const { return meetings ? meetings->size() : index.num_blocks(); }
    /// Number 1 upwards.
    Meeting meeting(uint32_t number) const;
  };

  // One unit, or all parts of a large block that share their left rows: what is kept of the units grows with the
  // records and not with the pairs.
  struct UnitRun {
    PairUnit first;
    size_t end;  // number of the first unit behind it
  };

  // The units of one arm, numbered from 0, and their pairs.
  struct UnitPlan {
    std::vector<UnitRun> runs;
    uint64_t num_pairs = 0;

    size_t num_units() const { return runs.empty() ? 0 : runs.back().end; }
    void add(const PairUnit& first, size_t count) { runs.push_back({first, num_units() + count}); }
  };

  UnitPlan plan_units(uint32_t arm) const;
  void plan_block(uint32_t arm, uint32_t block, PairUnit* open, UnitPlan* plan) const;
  void take_units(const std::vector<UnitPlan>& plan_of_arm);
  PairTile tile_of(const PairUnit& unit, PairTile tile) const;
  uint64_t tile_pairs(const PairTile& tile) const;
  Status copy_row_keys(ThreadPool& pool, const Cancellation* cancellation);

  const RecordTable* records_ = nullptr;
  Options options_;
  std::vector<BlockingRule> rules_;
  std::vector<Arm> arms_;
  std::vector<UnitRun> units_;
  size_t num_units_ = 0;
  std::vector<uint64_t> pairs_of_rule_;

  RowNumbers<uint32_t> row_keys_;  // blocks of every row under every arm but the last
  struct KeySlots {
    uint32_t left;
    uint32_t right;
  };
  std::vector<KeySlots> key_slots_;  // of each arm, in a row of `row_keys_`
  uint32_t num_leading_plain_arms_ =
      0;  // so many first arms are equal blocks and nothing else, in slots of their number
};

}  // namespace linkwright
