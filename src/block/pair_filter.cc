#include "block/pair_filter.h"

#include <algorithm>
#include <cstring>

#include "base/simd_clones.h"
#include "block/pair_condition.h"

namespace linkwright {
namespace {

// keep &= (keys[j] != key), for all j.
LW_SIMD_CLONES void drop_equal(const uint32_t* keys, uint32_t key, size_t size, uint8_t* keep) {
  for (size_t j = 0; j < size; ++j) keep[j] &= static_cast<uint8_t>(keys[j] != key);
}

LW_SIMD_CLONES size_t count_kept(const uint8_t* keep, size_t size) {
  size_t kept = 0;
  for (size_t j = 0; j < size; ++j) kept += keep[j];
  return kept;
}

// Without branches: which of the arms it is that has made a pair before cannot be foretold.
bool share_a_block(const uint32_t* left, const uint32_t* right, uint32_t arms) {
  uint32_t share = 0;
  for (uint32_t arm = 0; arm < arms; ++arm) {
    share |= static_cast<uint32_t>(left[arm] == right[arm]) & static_cast<uint32_t>(left[arm] != 0);
  }
  return share != 0;
}

}  // namespace

// The filters of every arm, made when a pair first needs them: most rules have none.
struct PairFilter::Conditions {
  std::vector<std::vector<PairCondition>> of_arm;
  std::vector<bool> made;
};

PairFilter::PairFilter(const CandidatePairs& pairs) : pairs_(pairs), conditions_(std::make_unique<Conditions>()) {
  conditions_->of_arm.resize(pairs.arms_.size());
  conditions_->made.resize(pairs.arms_.size());
}

PairFilter::~PairFilter() = default;

Status PairFilter::load(const PairUnit& unit, const PairTile& tile, uint32_t block) {
  tile_ = tile;
  arm_ = unit.arm;
  block_ = block;
  const CandidatePairs::Arm& arm = pairs_.arms_[unit.arm];
  check_source_ = pairs_.options_.links_only && !tile.across_sources && !tile.diagonal;
  check_pairs_ = arm.index.exploded() || !arm.condition.filters.empty();
  for (uint32_t earlier = 0; earlier <= unit.arm; ++earlier) {
    const CandidatePairs::Arm& other = pairs_.arms_[earlier];
    check_pairs_ = check_pairs_ || (earlier < unit.arm && (other.index.exploded() || !other.condition.filters.empty()));
  }

  earlier_plain_arms_.clear();
  for (uint32_t earlier = 0; earlier < unit.arm; ++earlier) {
    const CandidatePairs::Arm& other = pairs_.arms_[earlier];
    if (!other.index.exploded() && other.condition.filters.empty()) earlier_plain_arms_.push_back(earlier);
  }
  const auto gather = [&](std::span<const uint32_t> rows, bool left, std::vector<uint32_t>* keys) {
    keys->resize(earlier_plain_arms_.size() * rows.size());
    for (size_t j = 0; j < rows.size(); ++j) {
      const uint32_t* row = pairs_.row_keys_.row(rows[j]);
      for (size_t k = 0; k < earlier_plain_arms_.size(); ++k) {
        const CandidatePairs::KeySlots& slots = pairs_.key_slots_[earlier_plain_arms_[k]];
        (*keys)[k * rows.size() + j] = row[left ? slots.left : slots.right];
      }
    }
  };
  gather(tile.left_rows, true, &left_keys_);
  gather(tile.right_rows, false, &right_keys_);
  return Status::OK();
}

void PairFilter::exclude_earlier(size_t i, uint8_t* keep) const {
  const size_t left_size = tile_.left_rows.size();
  const size_t right_size = tile_.right_rows.size();
  for (size_t k = 0; k < earlier_plain_arms_.size(); ++k) {
    const uint32_t key = left_keys_[k * left_size + i];
    if (key != 0) drop_equal(right_keys_.data() + k * right_size, key, right_size, keep);
  }
}

Result<size_t> PairFilter::keep(size_t i, uint8_t* keep) {
  const size_t size = tile_.right_rows.size();
  const size_t first = tile_.first_right(i);
  std::memset(keep, 0, first);
  std::memset(keep + first, 1, size - first);
  const uint32_t left = tile_.left_rows[i];
  if (check_source_) {
    const std::span<const uint16_t> sources = pairs_.records_->source_of_row();
    for (size_t j = 0; j < size; ++j) keep[j] &= static_cast<uint8_t>(sources[left] != sources[tile_.right_rows[j]]);
  }
  exclude_earlier(i, keep);
  if (check_pairs_) {
    const PairUnit unit{arm_, block_, block_, 0, 0, false, 0};
    for (size_t j = first; j < size; ++j) {
      if (keep[j] == 0) continue;
      ARROW_ASSIGN_OR_RAISE(const bool kept, keeps(unit, block_, {left, tile_.right_rows[j]}));
      keep[j] = static_cast<uint8_t>(kept);
    }
  }
  return count_kept(keep, size);
}

Result<bool> PairFilter::filters_hold(uint32_t arm, RowPair pair) {
  std::vector<PairCondition>& conditions = conditions_->of_arm[arm];
  const RuleArm& rule = pairs_.arms_[arm].condition;
  if (!conditions_->made[arm]) {
    for (const Expression& filter : rule.filters) {
      ARROW_ASSIGN_OR_RAISE(auto condition,
                            PairCondition::make(filter, rule.rule_sql, *pairs_.records_, pairs_.options_.evaluation));
      conditions.push_back(std::move(condition));
    }
    conditions_->made[arm] = true;
  }
  for (PairCondition& condition : conditions) {
    const Result<bool> holds = condition.holds(pair);
    if (!holds.ok()) return in_blocking_rule(rule.rule_sql, holds.status());
    if (!*holds) return false;
  }
  return true;
}

void PairFilter::prefetch(const PairUnit& unit, const PairTile& tile) const {
  if (unit.arm == 0) return;  // no earlier arm made its pairs
  for (const uint32_t row : tile.right_rows) pairs_.row_keys_.prefetch(row);
  if (tile.diagonal) return;
  for (const uint32_t row : tile.left_rows) pairs_.row_keys_.prefetch(row);
}

Result<bool> PairFilter::keeps(const PairUnit& unit, uint32_t block, RowPair pair) {
  if (pair.left >= pair.right) return false;
  if (pairs_.options_.links_only) {
    const std::span<const uint16_t> sources = pairs_.records_->source_of_row();
    if (sources[pair.left] == sources[pair.right]) return false;
  }
  const uint32_t* left = pairs_.row_keys_.row(pair.left);
  const uint32_t* right = pairs_.row_keys_.row(pair.right);
  const uint32_t plain = std::min(unit.arm, pairs_.num_leading_plain_arms_);
  if (share_a_block(left, right, plain)) return false;
  for (uint32_t earlier = plain; earlier < unit.arm; ++earlier) {
    const CandidatePairs::Arm& other = pairs_.arms_[earlier];
    if (other.index.exploded()) {
      if (other.index.first_common_block(pair.left, pair.right) == 0) continue;
    } else {
      const CandidatePairs::KeySlots& slots = pairs_.key_slots_[earlier];
      if (left[slots.left] == 0 || left[slots.left] != right[slots.right]) continue;
    }
    ARROW_ASSIGN_OR_RAISE(const bool made_before, filters_hold(earlier, pair));
    if (made_before) return false;
  }
  const CandidatePairs::Arm& arm = pairs_.arms_[unit.arm];
  if (!arm.index.exploded() && arm.condition.filters.empty()) return true;
  if (arm.index.exploded() && arm.index.first_common_block(pair.left, pair.right) != block) return false;
  return filters_hold(unit.arm, pair);
}

}  // namespace linkwright
