#include "block/pair_condition.h"

namespace linkwright {

Result<PairCondition> PairCondition::make(const Expression& condition, std::string_view rule_sql,
                                          const RecordTable& records, const EvaluationOptions& options) {
  const auto types = [&](const ColumnReference& column) { return records.column_type(column.name); };
  ARROW_ASSIGN_OR_RAISE(Evaluator evaluator, Evaluator::compile(condition, rule_sql, types, options));
  PairCondition made(std::move(evaluator));
  for (const ColumnReference& column : made.evaluator_.columns()) {
    ARROW_ASSIGN_OR_RAISE(const EncodedColumn* encoded, records.column(column.name));
    made.inputs_.push_back({encoded, column.side});
    ARROW_ASSIGN_OR_RAISE(auto dictionary, ArrayValues::make(encoded->values));
    made.dictionaries_.push_back(std::move(dictionary));
  }
  made.values_.resize(made.inputs_.size());
  size_t sides_read_twice = 0;
  for (const Input& input : made.inputs_) {
    const std::vector<uint32_t>*& codes = input.side == Side::kLeft ? made.left_codes_ : made.right_codes_;
    sides_read_twice += static_cast<size_t>(codes != nullptr);
    codes = &input.column->codes;
  }
  if (sides_read_twice == 0) made.known_.resize(size_t{1} << kKnownBits);
  return made;
}

Result<bool> PairCondition::holds(RowPair pair) {
  if (known_.empty()) return evaluate(pair);
  const uint32_t left = left_codes_ == nullptr ? 0 : (*left_codes_)[pair.left];
  const uint32_t right = right_codes_ == nullptr ? 0 : (*right_codes_)[pair.right];
  const uint64_t mixed = (uint64_t{left} << 32 | right) * 0x9E3779B97F4A7C15ULL;
  Known& known = known_[mixed >> (64 - kKnownBits)];
  if (known.left != left || known.right != right) {
    ARROW_ASSIGN_OR_RAISE(const bool holds, evaluate(pair));
    known = {left, right, holds};
  }
  return known.holds;
}

Result<bool> PairCondition::evaluate(RowPair pair) {
  for (size_t i = 0; i < inputs_.size(); ++i) {
    const uint32_t row = inputs_[i].side == Side::kLeft ? pair.left : pair.right;
    const uint32_t code = inputs_[i].column->codes[row];
    values_[i] = code == 0 ? Value::null() : dictionaries_[i].at(code - 1);
  }
  scratch_->clear();
  ARROW_ASSIGN_OR_RAISE(const Value value, evaluator_.evaluate(values_, *scratch_));
  return value.kind == ValueKind::kBoolean && value.boolean;
}

}  // namespace linkwright
