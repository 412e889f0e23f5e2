#include "compare/chosen_comparisons.h"

#include <algorithm>

#include "base/add_once.h"
#include "base/simd_clones.h"

namespace linkwright {
namespace {

LW_SIMD_CLONES void unpack_truths(const uint8_t* packed, int shift, size_t size, Truth* truths) {
  for (size_t k = 0; k < size; ++k) truths[k] = static_cast<Truth>(packed[k] >> shift & 3);
}

}  // namespace

LW_SIMD_CLONES void add_levels(const uint8_t* levels, uint64_t stride, size_t size, AgreementPattern* patterns) {
  for (size_t k = 0; k < size; ++k) patterns[k] += stride * levels[k];
}

ChosenComparisons::ChosenComparisons(const ComparisonProgram::Choice& choice) : program(*choice.program) {
  for (size_t c = 0; c < choice.comparisons.size(); ++c) {
    const ComparisonProgram::ComparisonPlan& plan = program.plan(choice.comparisons[c]);
    const size_t first = comparators.size();
    for (const size_t k : plan.comparators) {
      const ComparisonProgram::ColumnSlots slots = program.slots(k);
      const size_t left = add_once(slots.left, &columns);
      comparators.push_back({&program.comparators()[k], left, add_once(slots.right, &columns)});
    }
    comparisons.push_back({&plan, first, comparators.size(), choice.patterns.stride(c)});
  }
}

void LevelDecider::decide(const ChosenComparisons& chosen, const ChosenComparisons::Comparison& comparison,
                          std::span<const std::vector<uint8_t>> outcomes, size_t begin, size_t end, uint8_t* levels) {
  constexpr size_t kAtoms = ValueComparator::kMaxPackedAtoms;
  const size_t count = comparison.end - comparison.first;
  truths_.resize(std::max(truths_.size(), count * kAtoms));
  pointers_.resize(truths_.size());
  for (size_t at = begin; at < end; at += LevelRules::kBatch) {
    const size_t size = std::min(LevelRules::kBatch, end - at);
    for (size_t k = 0; k < count; ++k) {
      const size_t comparator = comparison.first + k;
      for (size_t a = 0; a < chosen.comparators[comparator].values->parts.atoms.size(); ++a) {
        std::vector<Truth>& truths = truths_[k * kAtoms + a];
        truths.resize(LevelRules::kBatch);
        unpack_truths(outcomes[comparator].data() + at, static_cast<int>(2 * a), size, truths.data());
        pointers_[k * kAtoms + a] = truths.data();
      }
    }
    comparison.plan->levels.decide(pointers_.data(), size, &workspace_, levels + at);
  }
}

}  // namespace linkwright
