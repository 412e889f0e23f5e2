#include "block/candidate_pairs.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <numeric>
#include <utility>

#include "block/pair_condition.h"

namespace linkwright {
namespace {

// Rows of the next tile that are told with each: of more, the first would be gone from the cache when they are read.
constexpr size_t kRowsAhead = 64;

// A unit is large enough that handing it out costs nothing, small enough that cancelling and progress are prompt.
constexpr uint64_t kPairsInUnit = 1 << 18;
constexpr uint64_t kRowsInUnit = 1 << 16;

// A piece of small blocks, and of a large one, where loading a tile of thousands of rows must not weigh.
constexpr uint64_t kPairsInPiece = 1 << 13;
constexpr uint64_t kPairsInLargePiece = 1 << 17;

uint64_t parts(uint64_t rows) { return (rows + CandidatePairs::kTileRows - 1) / CandidatePairs::kTileRows; }

std::span<const uint32_t> part(std::span<const uint32_t> rows, uint64_t index) {
  const uint64_t begin = index * CandidatePairs::kTileRows;
  return rows.subspan(begin, std::min<uint64_t>(CandidatePairs::kTileRows, rows.size() - begin));
}

}  // namespace

Result<CandidatePairs> CandidatePairs::make(std::vector<BlockingRule> rules, const RecordTable& records,
                                            const Options& options, ThreadPool& pool,
                                            const Cancellation* cancellation) {
  CandidatePairs pairs;
  pairs.records_ = &records;
  pairs.options_ = options;
  pairs.options_.share = nullptr;  // lent for the making only
  pairs.rules_ = std::move(rules);
  if (pairs.rules_.empty()) {
    // Splink: without rules every record meets every other.
    ARROW_ASSIGN_OR_RAISE(pairs.rules_.emplace_back(), BlockingRule::parse("1 = 1"));
  }
  for (uint32_t rule = 0; rule < pairs.rules_.size(); ++rule) {
    for (const RuleArm& arm : pairs.rules_[rule].arms) pairs.arms_.push_back({rule, arm, {}, {}});
  }
  const BlockShare* share = options.share != nullptr && !options.share->is_everything_here() ? options.share : nullptr;
  const std::vector<uint64_t> hashes = share != nullptr ? record_hashes(*records.ids()) : std::vector<uint64_t>();
  std::vector<UnitPlan> plans(pairs.arms_.size());
  const auto make_index = [&](size_t i, int) -> Status {
    Arm& arm = pairs.arms_[i];
    const BlockingRule& rule = pairs.rules_[arm.rule];
    auto index = BlockIndex::make(arm.condition, rule.arrays_to_explode, records, options.evaluation,
                                  /*with_hashes=*/share != nullptr);
    if (!index.ok()) return in_blocking_rule(rule.sql, index.status());
    for (const Expression& filter : arm.condition.filters) {  // before the run, not when a pair first needs it
      const Status filters = PairCondition::make(filter, rule.sql, records, options.evaluation).status();
      if (!filters.ok()) return in_blocking_rule(rule.sql, filters);
    }
    arm.index = std::move(*index);
    if (share != nullptr) arm.meetings = Meetings::make(arm.index, *share, hashes);
    plans[i] = pairs.plan_units(static_cast<uint32_t>(i));
    return Status::OK();
  };
  ARROW_RETURN_NOT_OK(pool.for_each_chunk(pairs.arms_.size(), make_index, cancellation));
  ARROW_RETURN_NOT_OK(pairs.copy_row_keys(pool, cancellation));
  pairs.take_units(plans);
  return pairs;
}

Status CandidatePairs::copy_row_keys(ThreadPool& pool, const Cancellation* cancellation) {
  std::vector<std::span<const uint32_t>> sides;  // what a row's keys are made of, side by side
  for (size_t arm = 0; arm < arms_.size(); ++arm) {
    const BlockIndex& index = arms_[arm].index;
    KeySlots slots{};
    if (arm + 1 < arms_.size() && !index.exploded()) {
      slots.left = slots.right = static_cast<uint32_t>(sides.size());
      sides.push_back(index.left_block_of_row());
      if (!index.symmetric()) {
        slots.right = static_cast<uint32_t>(sides.size());
        sides.push_back(index.right_block_of_row());
      }
    }
    const bool plain = !index.exploded() && index.symmetric() && arms_[arm].condition.filters.empty();
    if (plain && num_leading_plain_arms_ == arm) ++num_leading_plain_arms_;
    key_slots_.push_back(slots);
  }
  const size_t rows = records_->num_rows();
  row_keys_ = RowNumbers<uint32_t>(rows, sides.size());
  constexpr size_t kRowsAtOnce = size_t{1} << 14;
  const auto copy_rows = [&](size_t chunk, int) -> Status {
    row_keys_.take(sides, chunk * kRowsAtOnce, std::min(rows, (chunk + 1) * kRowsAtOnce));
    return Status::OK();
  };
  ARROW_RETURN_NOT_OK(pool.for_each_chunk((rows + kRowsAtOnce - 1) / kRowsAtOnce, copy_rows, cancellation));
  for (Arm& arm : arms_) arm.index.drop_blocks_of_rows();
  return Status::OK();
}

Meeting CandidatePairs::Arm::meeting(uint32_t number) const {
  return meetings ? (*meetings)[number] : Meetings::whole_block(index, number);
}

// Pairs of one dataset do not count where only links are wanted.
uint64_t CandidatePairs::tile_pairs(const PairTile& tile) const {
  if (!options_.links_only) return tile.num_pairs();
  const std::span<const uint16_t> source = records_->source_of_row();
  std::vector<uint64_t> lefts(records_->source_names().size());
  for (const uint32_t row : tile.left_rows) ++lefts[source[row]];
  uint64_t within = 0;
  if (tile.diagonal) {
    for (const uint64_t rows : lefts) within += rows * (rows - (rows > 0)) / 2;
  } else {
    for (const uint32_t row : tile.right_rows) within += lefts[source[row]];
  }
  return tile.num_pairs() - within;
}

// What of the rows of a meeting belongs to a unit.
PairTile CandidatePairs::tile_of(const PairUnit& unit, PairTile tile) const {
  if (unit.is_part) {
    tile.left_rows = part(tile.left_rows, unit.left_part);
    tile.right_rows = part(tile.right_rows, unit.right_part);
    tile.diagonal = tile.diagonal && unit.left_part == unit.right_part;
  }
  if (unit.most_left_rows == 0) return tile;
  size_t lefts = tile.left_rows.size();
  if (tile.diagonal) {
    // Behind the first dataset, or behind the first half of rows that may all meet.
    const std::span<const uint16_t> source = records_->source_of_row();
    const auto first_of_next = [&] {
      const auto rows = tile.left_rows;
      return std::find_if(rows.begin(), rows.end(), [&](uint32_t row) { return source[row] != source[rows[0]]; }) -
             rows.begin();
    };
    const auto behind = options_.links_only ? static_cast<size_t>(first_of_next())
                                            : std::min<size_t>(unit.most_left_rows, (lefts + 1) / 2);
    tile.right_rows = tile.right_rows.subspan(behind);
    tile.diagonal = false;
    lefts = behind;
  }
  tile.left_rows = tile.left_rows.first(std::min<size_t>(unit.most_left_rows, lefts));
  return tile;
}

PairUnit CandidatePairs::piece(const PairUnit& unit, uint64_t offset) const {
  const Arm& arm = arms_[unit.arm];
  const auto pairs_of = [&](uint32_t number) { return tile_pairs(arm.meeting(number).rows); };
  PairUnit piece = unit;
  uint32_t block = unit.first_block;
  if (!unit.is_part) {
    for (uint64_t before = 0; block < unit.last_block; ++block) {
      before += pairs_of(block);
      if (before > offset) break;
    }
    piece.first_block = piece.last_block = block;
    piece.num_pairs = pairs_of(block);
    while (piece.num_pairs < kPairsInPiece && piece.last_block < unit.last_block) {
      piece.num_pairs += pairs_of(++piece.last_block);
    }
    if (piece.num_pairs <= kPairsInLargePiece) return piece;
    // What is too large is the last block.
    piece.first_block = piece.last_block;
  }
  const uint64_t rights = tile_of(piece, arm.meeting(piece.first_block).rows).right_rows.size();
  piece.most_left_rows = static_cast<uint32_t>(std::max<uint64_t>(1, kPairsInLargePiece / rights));
  piece.is_part = true;
  piece.num_pairs = tile_pairs(tile_of(piece, arm.meeting(piece.first_block).rows));
  return piece;
}

PairUnit CandidatePairs::unit(size_t index) const {
  const auto run = std::upper_bound(units_.begin(), units_.end(), index,
                                    [](size_t wanted, const UnitRun& candidate) { return wanted < candidate.end; });
  PairUnit unit = run->first;
  if (!unit.is_part) return unit;
  const size_t begin = run == units_.begin() ? 0 : std::prev(run)->end;
  unit.right_part += static_cast<uint32_t>(index - begin);
  unit.num_pairs = tile_pairs(tile_of(unit, arms_[unit.arm].meeting(unit.first_block).rows));
  return unit;
}

void CandidatePairs::plan_block(uint32_t arm, uint32_t block, PairUnit* open, UnitPlan* plan) const {
  const PairTile rows = arms_[arm].meeting(block).rows;
  const uint64_t left = rows.left_rows.size();
  const uint64_t right = rows.right_rows.size();
  const uint64_t pairs = tile_pairs(rows);
  plan->num_pairs += pairs;
  if (std::max(left, right) <= kTileRows) {
    if (open->num_pairs == 0) *open = {arm, block, block, 0, 0, false, 0};
    open->last_block = block;
    open->num_pairs += pairs;
    return;
  }
  if (open->num_pairs > 0) plan->add(std::exchange(*open, {}), 1);
  for (uint32_t i = 0; i < parts(left); ++i) {
    const uint32_t first = rows.diagonal ? i : 0;
    plan->add({arm, block, block, i, first, true, 0}, parts(right) - first);
  }
}

CandidatePairs::UnitPlan CandidatePairs::plan_units(uint32_t arm) const {
  UnitPlan plan;
  PairUnit open;
  uint64_t rows = 0;
  for (uint32_t block = 1; block <= arms_[arm].num_meetings(); ++block) {
    rows += arms_[arm].meeting(block).rows.left_rows.size();
    plan_block(arm, block, &open, &plan);
    if (open.num_pairs >= kPairsInUnit || (open.num_pairs > 0 && rows >= kRowsInUnit)) {
      plan.add(std::exchange(open, {}), 1);
      rows = 0;
    }
  }
  if (open.num_pairs > 0) plan.add(open, 1);
  return plan;
}

void CandidatePairs::take_units(const std::vector<UnitPlan>& plan_of_arm) {
  pairs_of_rule_.assign(rules_.size(), 0);
  for (size_t arm = 0; arm < arms_.size(); ++arm) {
    const UnitPlan& plan = plan_of_arm[arm];
    pairs_of_rule_[arms_[arm].rule] += plan.num_pairs;
    for (const UnitRun& run : plan.runs) units_.push_back({run.first, num_units_ + run.end});
    num_units_ += plan.num_units();
  }
}

uint64_t CandidatePairs::num_pairs_before_exclusion() const {
  return std::accumulate(pairs_of_rule_.begin(), pairs_of_rule_.end(), uint64_t{0});
}

uint64_t CandidatePairs::num_pairs_before_exclusion(size_t rule) const { return pairs_of_rule_[rule]; }

namespace {

// Where only links are wanted a symmetric block falls apart into rectangles between datasets: rows are in order of
// dataset, so each dataset's rows meet all rows behind them.
Status split_by_source(const PairTile& tile, std::span<const uint16_t> source_of_row,
                       const std::function<Status(const PairTile&)>& visit) {
  const std::span<const uint32_t> rows = tile.left_rows;
  for (size_t begin = 0; begin < rows.size();) {
    size_t end = begin + 1;
    while (end < rows.size() && source_of_row[rows[end]] == source_of_row[rows[begin]]) ++end;
    if (end < rows.size()) {
      ARROW_RETURN_NOT_OK(visit({rows.subspan(begin, end - begin), rows.subspan(end), /*diagonal=*/false,
                                 /*ordered=*/true, /*across_sources=*/true, tile.next_rows}));
    }
    begin = end;
  }
  return Status::OK();
}

}  // namespace

Status CandidatePairs::for_each_tile(const PairUnit& unit,
                                     const std::function<Status(const PairTile& tile, uint32_t block)>& visit) const {
  if (unit.num_pairs == 0) return Status::OK();  // a part of a large block, all of one dataset
  const Arm& arm = arms_[unit.arm];
  Meeting meeting = arm.meeting(unit.first_block);
  for (uint32_t number = unit.first_block; number <= unit.last_block; ++number) {
    PairTile tile = tile_of(unit, meeting.rows);
    const uint32_t block = meeting.block;
    if (number < unit.last_block) {
      meeting = arm.meeting(number + 1);
      tile.next_rows = meeting.rows.right_rows.first(std::min(meeting.rows.right_rows.size(), kRowsAhead));
    }
    if (tile.diagonal && options_.links_only) {
      ARROW_RETURN_NOT_OK(split_by_source(tile, records_->source_of_row(),
                                          [&](const PairTile& rectangle) { return visit(rectangle, block); }));
    } else {
      ARROW_RETURN_NOT_OK(visit(tile, block));
    }
  }
  return Status::OK();
}

std::vector<CandidatePairs::BlockSize> CandidatePairs::largest_blocks(size_t rule, size_t count) const {
  const auto is_larger = [](const BlockSize& a, const BlockSize& b) {
    return a.num_pairs != b.num_pairs ? a.num_pairs > b.num_pairs : a.example_row < b.example_row;
  };
  std::vector<BlockSize> largest;  // a heap with the smallest in front
  if (count == 0) return largest;
  for (uint32_t a = 0; a < arms_.size(); ++a) {
    const Arm& arm = arms_[a];
    if (arm.rule != rule) continue;
    for (uint32_t number = 1; number <= arm.num_meetings(); ++number) {
      const PairTile rows = arm.meeting(number).rows;
      const BlockSize size{rows.left_rows.size(), rows.right_rows.size(), tile_pairs(rows), rows.left_rows[0], a};
      if (largest.size() == count) {
        if (!is_larger(size, largest.front())) continue;
        std::pop_heap(largest.begin(), largest.end(), is_larger);
        largest.pop_back();
      }
      largest.push_back(size);
      std::push_heap(largest.begin(), largest.end(), is_larger);
    }
  }
  std::sort_heap(largest.begin(), largest.end(), is_larger);
  return largest;
}

}  // namespace linkwright
