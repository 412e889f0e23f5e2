#include "compare/comparison_program.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/add_once.h"
#include "compare/condition_compiler.h"

namespace linkwright {

Result<std::unique_ptr<ComparisonProgram>> ComparisonProgram::compile(const std::vector<Comparison>& comparisons,
                                                                      const RecordTable& records,
                                                                      const EvaluationOptions& options) {
  std::unique_ptr<ComparisonProgram> program(new ComparisonProgram(records));
  ConditionCompiler compiler(records, &program->base_columns_, options);
  for (const Comparison& comparison : comparisons) {
    ARROW_ASSIGN_OR_RAISE(ConditionCompiler::Compiled compiled, compiler.compile(comparison));
    ComparisonPlan plan;
    plan.symmetric = compiled.symmetric;
    plan.levels = std::move(compiled.levels);
    plan.single = compiled.comparators.size() == 1 && compiled.comparators[0].gives_level;
    for (ValueComparator& comparator : compiled.comparators) {
      plan.comparators.push_back(program->comparators_.size());
      program->comparators_.push_back(std::move(comparator));
    }
    program->plans_.push_back(std::move(plan));
    program->num_levels_.push_back(comparison.levels.size());
  }
  ARROW_RETURN_NOT_OK(PatternSpace::make(program->num_levels_));
  program->lay_out_columns(records.num_rows());
  return program;
}

ComparisonProgram::Choice ComparisonProgram::choose(std::vector<size_t> comparisons) const {
  std::vector<size_t> levels;
  for (const size_t c : comparisons) levels.push_back(num_levels_[c]);
  // Cannot be too many: `compile` has seen that all of them together are not.
  return {this, std::move(comparisons), PatternSpace::make(levels).ValueOrDie()};
}

ComparisonProgram::Choice ComparisonProgram::all() const {
  std::vector<size_t> comparisons(plans_.size());
  std::iota(comparisons.begin(), comparisons.end(), size_t{0});
  return choose(std::move(comparisons));
}

void ComparisonProgram::lay_out_columns(size_t num_rows) {
  for (const ValueComparator& comparator : comparators_) {
    const size_t left = add_once(comparator.left, &columns_);
    slots_.push_back({left, add_once(comparator.right, &columns_)});
  }
  row_codes_ = RowNumbers<uint32_t>(num_rows, columns_.size());
  std::vector<std::span<const uint32_t>> codes;
  for (const BaseColumn* column : columns_) codes.emplace_back(column->codes());
  row_codes_.take(codes, 0, num_rows);
}

std::optional<size_t> ComparisonProgram::place_of(const EncodedColumn& column) const {
  const auto is_that = [&](const BaseColumn* base) { return base->members.size() == 1 && base->members[0] == &column; };
  const auto found = std::find_if(columns_.begin(), columns_.end(), is_that);
  return found == columns_.end() ? std::nullopt : std::optional(static_cast<size_t>(found - columns_.begin()));
}

std::vector<size_t> ComparisonProgram::columns_of(size_t comparison) const {
  std::vector<size_t> columns;
  for (const size_t comparator : plans_[comparison].comparators) {
    for (const size_t column : {slots_[comparator].left, slots_[comparator].right}) add_once(column, &columns);
  }
  return columns;
}

}  // namespace linkwright
