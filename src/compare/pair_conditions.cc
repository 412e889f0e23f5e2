#include "compare/pair_conditions.h"

#include <arrow/array.h>

#include <algorithm>
#include <string>
#include <utility>

#include "compare/one_sided_parts.h"

namespace linkwright {
namespace {

size_t member_of(const BaseColumn& base, const std::string& name) {
  const auto is_named = [&](const EncodedColumn* member) { return member->name == name; };
  return static_cast<size_t>(std::find_if(base.members.begin(), base.members.end(), is_named) - base.members.begin());
}

}  // namespace

Result<PairConditions> PairConditions::make(std::span<const Expression> conditions, const BaseColumn& left,
                                            const BaseColumn& right, const RecordTable& records,
                                            const EvaluationOptions& options) {
  OneSidedParts parts(records, options);
  std::vector<Expression> reduced;
  for (const Expression& condition : conditions) reduced.push_back(parts.take_out(condition));
  const auto types = [&](const ColumnReference& column) -> Result<ValueType> {
    const OneSidedParts::Part* part = parts.find(column.name);
    return part == nullptr ? records.column_type(column.name) : part->derived.type;
  };
  ARROW_ASSIGN_OR_RAISE(BlockEvaluator evaluator, BlockEvaluator::compile(reduced, types, options));
  PairConditions made(std::move(evaluator), left, right);
  std::vector<PairInputs::Source> lefts;
  std::vector<PairInputs::Source> rights;
  for (size_t i = 0; i < made.evaluator_.columns().size(); ++i) {
    const ColumnReference& column = made.evaluator_.columns()[i];
    const ValueKind kind = made.evaluator_.column_kinds()[i];
    const bool is_left = column.side == Side::kLeft;
    const BaseColumn& base = is_left ? left : right;
    std::vector<PairInputs::Source>& sources = is_left ? lefts : rights;
    made.arguments_.push_back({is_left, sources.size()});
    if (const OneSidedParts::Part* part = parts.find(column.name); part != nullptr) {
      sources.push_back({member_of(base, part->column), kind, part->derived.values, part->derived.code_of});
    } else {
      const size_t member = member_of(base, column.name);
      sources.push_back({member, kind, base.members[member]->values, {}});
    }
  }
  ARROW_ASSIGN_OR_RAISE(made.left_, PairInputs::make(left, std::move(lefts)));
  ARROW_ASSIGN_OR_RAISE(made.right_, PairInputs::make(right, std::move(rights)));
  for (const Expression& condition : conditions) {
    ARROW_ASSIGN_OR_RAISE(
        Evaluator exact, Evaluator::compile(
                             condition, condition.to_sql(),
                             [&](const ColumnReference& column) { return records.column_type(column.name); }, options));
    std::vector<Argument> arguments;
    for (const ColumnReference& column : exact.columns()) {
      const bool is_left = column.side == Side::kLeft;
      arguments.push_back({is_left, member_of(is_left ? left : right, column.name)});
    }
    made.exact_.push_back({std::move(exact), std::move(arguments)});
  }
  return made;
}

PairConditions::Reader::Reader(const PairConditions& conditions, PairInputs::Columns left, PairInputs::Columns right)
    : conditions_(&conditions),
      left_(std::move(left)),
      right_(std::move(right)),
      workspace_(conditions.evaluator_),
      columns_(conditions.arguments_.size()) {}

Result<PairConditions::Reader> PairConditions::Reader::make(const PairConditions& conditions) {
  ARROW_ASSIGN_OR_RAISE(PairInputs::Columns left, PairInputs::Columns::make(conditions.left_));
  ARROW_ASSIGN_OR_RAISE(PairInputs::Columns right, PairInputs::Columns::make(conditions.right_));
  return Reader(conditions, std::move(left), std::move(right));
}

Status PairConditions::Reader::evaluate_block(size_t size, const PairInputs::Columns& rights, size_t begin) {
  for (size_t i = 0; i < columns_.size(); ++i) {
    const Argument& argument = conditions_->arguments_[i];
    columns_[i] = argument.is_left ? left_.column(argument.input, 0) : rights.column(argument.input, begin);
  }
  conditions_->evaluator_.evaluate(columns_, size, &workspace_);
  settled_.clear();
  return Status::OK();
}

Status PairConditions::Reader::evaluate(std::span<const uint32_t> lefts, std::span<const uint32_t> rights) {
  left_.load(lefts);
  right_.load(rights);
  ARROW_RETURN_NOT_OK(evaluate_block(lefts.size(), right_, 0));
  return settle_failures(lefts, rights);
}

Status PairConditions::Reader::evaluate_row(uint32_t left, std::span<const uint32_t> rights,
                                            const PairInputs::Columns& inputs, size_t begin) {
  left_.load_repeated(left, rights.size());
  ARROW_RETURN_NOT_OK(evaluate_block(rights.size(), inputs, begin));
  return settle_failures({&left, 1}, rights);
}

// `lefts` has one code for all pairs, or one for each.
Status PairConditions::Reader::settle_failures(std::span<const uint32_t> lefts, std::span<const uint32_t> rights) {
  const std::span<const uint8_t> failures = BlockEvaluator::failures(workspace_);
  if (failures.empty()) return Status::OK();
  settled_.resize(conditions_->exact_.size());
  for (size_t c = 0; c < settled_.size(); ++c) {
    const Truth* const of_block = conditions_->evaluator_.result(c, workspace_).truths;
    settled_[c].assign(of_block, of_block + rights.size());
    for (size_t k = 0; k < rights.size(); ++k) {
      if (failures[k] == 0) continue;
      ARROW_ASSIGN_OR_RAISE(settled_[c][k], evaluate_exactly(c, lefts[lefts.size() == 1 ? 0 : k], rights[k]));
    }
  }
  return Status::OK();
}

Result<Truth> PairConditions::Reader::evaluate_exactly(size_t condition, uint32_t left, uint32_t right) {
  if (!left_values_) {
    ARROW_ASSIGN_OR_RAISE(left_values_, BaseColumnValues::make(*conditions_->left_base_));
    ARROW_ASSIGN_OR_RAISE(right_values_, BaseColumnValues::make(*conditions_->right_base_));
    exact_.left.resize(left_values_->width());
    exact_.right.resize(right_values_->width());
  }
  left_values_->at(left, exact_.left.data());
  right_values_->at(right, exact_.right.data());
  const ExactCondition& exact = conditions_->exact_[condition];
  exact_.arguments.clear();
  for (const Argument& argument : exact.arguments) {
    exact_.arguments.push_back((argument.is_left ? exact_.left : exact_.right)[argument.input]);
  }
  exact_.scratch.clear();
  ARROW_ASSIGN_OR_RAISE(const Value value, exact.evaluator.evaluate(exact_.arguments, exact_.scratch));
  return value.is_null() ? kNullTruth : truth_of(value.boolean);
}

const Truth* PairConditions::Reader::truths(size_t condition) const {
  return settled_.empty() ? conditions_->evaluator_.result(condition, workspace_).truths : settled_[condition].data();
}

}  // namespace linkwright
