#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "compare/comparison_program.h"

namespace linkwright {

/// A choice of comparisons, laid out for the comparers: their comparators one after the other, and the columns they
/// read. Immutable; thread-safe.
struct ChosenComparisons {
  explicit ChosenComparisons(const ComparisonProgram::Choice& choice);

  struct Comparator {
    const ValueComparator* values;
    size_t left;  // places in `columns`
    size_t right;
  };
  struct Comparison {
    const ComparisonProgram::ComparisonPlan* plan;
    size_t first;  // its comparators, in `comparators`
    size_t end;
    uint64_t stride;
  };

  /// The code of a row in column `columns[column]`.
  uint32_t code(uint32_t row, size_t column) const { return program.row_codes(row)[columns[column]]; }

  const ComparisonProgram& program;
  std::vector<Comparison> comparisons;
  std::vector<Comparator> comparators;
  std::vector<size_t> columns;  // places in the program's columns
};

/// Gives the levels of comparisons that read several comparators, whose outcomes are packed atoms. One a thread.
class LevelDecider {
 public:
  /// levels[begin..end) from outcomes[k][begin..end) of comparators k.
  void decide(const ChosenComparisons& chosen, const ChosenComparisons::Comparison& comparison,
              std::span<const std::vector<uint8_t>> outcomes, size_t begin, size_t end, uint8_t* levels);

 private:
  std::vector<std::vector<Truth>> truths_;
  std::vector<const Truth*> pointers_;
  LevelRules::Workspace workspace_;
};

/// patterns[k] += stride * levels[k].
void add_levels(const uint8_t* levels, uint64_t stride, size_t size, AgreementPattern* patterns);

}  // namespace linkwright
