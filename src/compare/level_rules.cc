#include "compare/level_rules.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/simd_clones.h"

namespace linkwright {
namespace {

size_t depth_of(const Formula& formula) {
  size_t deepest = 0;
  for (const Formula& operand : formula.operands) deepest = std::max(deepest, depth_of(operand));
  return deepest + 1;
}

LW_SIMD_CLONES void and_into(const Truth* other, size_t size, Truth* result) {
  for (size_t k = 0; k < size; ++k) result[k] = truth_and(result[k], other[k]);
}
LW_SIMD_CLONES void or_into(const Truth* other, size_t size, Truth* result) {
  for (size_t k = 0; k < size; ++k) result[k] = truth_or(result[k], other[k]);
}
LW_SIMD_CLONES void negate(size_t size, Truth* result) {
  for (size_t k = 0; k < size; ++k) result[k] = truth_not(result[k]);
}
LW_SIMD_CLONES void select_true(const Truth* truths, uint8_t level, size_t size, uint8_t* levels) {
  for (size_t k = 0; k < size; ++k) levels[k] = (truths[k] & kTrue) != 0 ? level : levels[k];
}

// Returns the formula's truths: an atom's own array, or `buffers`, which has kBatch entries for every level of depth.
const Truth* evaluate(const Formula& formula, const Truth* const* atoms, size_t size, Truth* buffers) {
  if (formula.op == Formula::Op::kAtom) return atoms[formula.atom];
  Truth* result = buffers;
  Truth* inner = buffers + LevelRules::kBatch;
  if (formula.op == Formula::Op::kAlways) {
    std::memset(result, kTrue, size);
    return result;
  }
  std::memcpy(result, evaluate(formula.operands[0], atoms, size, inner), size);
  if (formula.op == Formula::Op::kNot) negate(size, result);
  for (size_t i = 1; i < formula.operands.size(); ++i) {
    const Truth* operand = evaluate(formula.operands[i], atoms, size, inner);
    formula.op == Formula::Op::kAnd ? and_into(operand, size, result) : or_into(operand, size, result);
  }
  return result;
}

}  // namespace

LevelRules::LevelRules(std::vector<Formula> levels) : levels_(std::move(levels)) {
  for (const Formula& level : levels_) depth_ = std::max(depth_, depth_of(level));
}

void LevelRules::decide(const Truth* const* atoms, size_t size, Workspace* workspace, uint8_t* levels) const {
  workspace->truths.resize((depth_ + 1) * kBatch);
  std::memset(levels, static_cast<int>(levels_.size()), size);
  for (size_t level = levels_.size(); level-- > 0;) {
    const Truth* truths = evaluate(levels_[level], atoms, size, workspace->truths.data());
    select_true(truths, static_cast<uint8_t>(level), size, levels);
  }
}

}  // namespace linkwright
