#include "compare/pair_conditions.h"

#include <arrow/array.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace linkwright {
namespace {

size_t member_of(const BaseColumn& base, const std::string& name) {
  const auto is_named = [&](const EncodedColumn* member) { return member->name == name; };
  return static_cast<size_t>(std::find_if(base.members.begin(), base.members.end(), is_named) - base.members.begin());
}

// Value codes by the base column's codes.
std::vector<uint32_t> codes_of(const BaseColumn& base, const KernelParts::Operand& operand) {
  const size_t members = base.members.size();
  if (members == 1) return operand.code_of;
  const size_t member = member_of(base, operand.column);
  std::vector<uint32_t> codes(base.num_codes);
  for (uint32_t code = 0; code < base.num_codes; ++code) {
    const uint32_t of_member = base.member_codes[code * members + member];
    codes[code] = operand.code_of.empty() ? of_member : operand.code_of[of_member];
  }
  return codes;
}

void map_codes(const std::vector<uint32_t>& code_of, std::span<const uint32_t> codes, uint32_t* mapped) {
  for (size_t k = 0; k < codes.size(); ++k) mapped[k] = code_of.empty() ? codes[k] : code_of[codes[k]];
}

}  // namespace

Result<PairConditions> PairConditions::make(std::span<const Expression> conditions, const BaseColumn& left,
                                            const BaseColumn& right, const RecordTable& records,
                                            const EvaluationOptions& options) {
  KernelParts kernels(records, options);
  OneSidedParts one_sided(records, options);
  std::vector<Expression> reduced;
  for (const Expression& condition : conditions) {
    ARROW_ASSIGN_OR_RAISE(const Expression without_kernels, kernels.take_out(condition));
    reduced.push_back(one_sided.take_out(without_kernels));
  }
  const auto types = [&](const ColumnReference& column) -> Result<ValueType> {
    if (const KernelParts::Part* kernel = kernels.find(column)) return kernel->kernel->type();
    if (const OneSidedParts::Part* part = one_sided.find(column.name)) return part->derived.type;
    return records.column_type(column.name);
  };
  ARROW_ASSIGN_OR_RAISE(BlockEvaluator evaluator, BlockEvaluator::compile(reduced, types, options));
  PairConditions made(std::move(evaluator), left, right);
  ARROW_RETURN_NOT_OK(made.take_inputs(one_sided, kernels));
  for (const Expression& condition : conditions) {
    const std::string sql = condition.to_sql();
    ARROW_ASSIGN_OR_RAISE(const Expression printed, Expression::parse(sql));  // so that errors point into that text
    ARROW_ASSIGN_OR_RAISE(
        Evaluator exact,
        Evaluator::compile(
            printed, sql, [&](const ColumnReference& column) { return records.column_type(column.name); }, options));
    std::vector<Argument> arguments;
    for (const ColumnReference& column : exact.columns()) {
      const bool is_left = column.side == Side::kLeft;
      arguments.push_back(
          {is_left ? Argument::From::kLeft : Argument::From::kRight, member_of(is_left ? left : right, column.name)});
    }
    made.exact_.push_back({std::move(exact), std::move(arguments)});
  }
  return made;
}

Status PairConditions::take_inputs(const OneSidedParts& one_sided, const KernelParts& kernels) {
  std::vector<PairInputs::Source> lefts;
  std::vector<PairInputs::Source> rights;
  for (size_t i = 0; i < evaluator_.columns().size(); ++i) {
    const ColumnReference& column = evaluator_.columns()[i];
    const ValueKind kind = evaluator_.column_kinds()[i];
    if (const KernelParts::Part* part = kernels.find(column)) {
      arguments_.push_back({Argument::From::kKernel, kernels_.size()});
      kernels_.push_back({part->kernel, codes_of(*left_base_, part->left), codes_of(*right_base_, part->right)});
      continue;
    }
    const bool is_left = column.side == Side::kLeft;
    const BaseColumn& base = is_left ? *left_base_ : *right_base_;
    std::vector<PairInputs::Source>& sources = is_left ? lefts : rights;
    arguments_.push_back({is_left ? Argument::From::kLeft : Argument::From::kRight, sources.size()});
    if (const OneSidedParts::Part* part = one_sided.find(column.name)) {
      sources.push_back({member_of(base, part->column), kind, part->derived.values, part->derived.code_of});
    } else {
      const size_t member = member_of(base, column.name);
      sources.push_back({member, kind, base.members[member]->values, {}});
    }
  }
  ARROW_ASSIGN_OR_RAISE(left_, PairInputs::make(*left_base_, std::move(lefts)));
  return PairInputs::make(*right_base_, std::move(rights)).Value(&right_);
}

PairConditions::Reader::Reader(const PairConditions& conditions, PairInputs::Columns left, PairInputs::Columns right)
    : conditions_(&conditions),
      left_(std::move(left)),
      right_(std::move(right)),
      workspace_(conditions.evaluator_),
      columns_(conditions.arguments_.size()) {
  for (const Kernel& kernel : conditions.kernels_) {
    kernels_.push_back({BlockBuffer(kernel.kernel->type().kind), PairKernel::Scratch()});
  }
}

Result<PairConditions::Reader> PairConditions::Reader::make(const PairConditions& conditions) {
  ARROW_ASSIGN_OR_RAISE(PairInputs::Columns left, PairInputs::Columns::make(conditions.left_));
  ARROW_ASSIGN_OR_RAISE(PairInputs::Columns right, PairInputs::Columns::make(conditions.right_));
  return Reader(conditions, std::move(left), std::move(right));
}

void PairConditions::Reader::run_kernels(std::span<const uint32_t> lefts, std::span<const uint32_t> rights) {
  std::array<uint32_t, kBlockSize> left_codes;
  std::array<uint32_t, kBlockSize> right_codes;
  for (size_t i = 0; i < kernels_.size(); ++i) {
    const Kernel& kernel = conditions_->kernels_[i];
    map_codes(kernel.left_codes, lefts, left_codes.data());
    if (lefts.size() == 1) std::fill_n(left_codes.data(), rights.size(), uint32_t{left_codes[0]});
    map_codes(kernel.right_codes, rights, right_codes.data());
    kernel.kernel->compute({left_codes.data(), rights.size()}, {right_codes.data(), rights.size()},
                           &kernels_[i].scratch, &kernels_[i].buffer);
  }
}

// `lefts` has one code for all pairs, or one for each.
void PairConditions::Reader::evaluate_block(std::span<const uint32_t> lefts, std::span<const uint32_t> rights,
                                            const PairInputs::Columns& inputs, size_t begin) {
  run_kernels(lefts, rights);
  for (size_t i = 0; i < columns_.size(); ++i) {
    const auto [from, place] = conditions_->arguments_[i];
    columns_[i] = from == Argument::From::kKernel ? kernels_[place].buffer.column(true)
                  : from == Argument::From::kLeft ? left_.column(place, 0)
                                                  : inputs.column(place, begin);
  }
  conditions_->evaluator_.evaluate(columns_, rights.size(), &workspace_);
  settled_.clear();
}

Status PairConditions::Reader::evaluate(std::span<const uint32_t> lefts, std::span<const uint32_t> rights) {
  left_.load(lefts);
  right_.load(rights);
  evaluate_block(lefts, rights, right_, 0);
  return settle_failures(lefts, rights);
}

Status PairConditions::Reader::evaluate_row(uint32_t left, std::span<const uint32_t> rights,
                                            const PairInputs::Columns& inputs, size_t begin) {
  left_.load_repeated(left, rights.size());
  evaluate_block({&left, 1}, rights, inputs, begin);
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
    const bool is_left = argument.from == Argument::From::kLeft;
    exact_.arguments.push_back((is_left ? exact_.left : exact_.right)[argument.place]);
  }
  exact_.scratch.clear();
  ARROW_ASSIGN_OR_RAISE(const Value value, exact.evaluator.evaluate(exact_.arguments, exact_.scratch));
  return value.is_null() ? kNullTruth : truth_of(value.boolean);
}

const Truth* PairConditions::Reader::truths(size_t condition) const {
  return settled_.empty() ? conditions_->evaluator_.result(condition, workspace_).truths : settled_[condition].data();
}

}  // namespace linkwright
