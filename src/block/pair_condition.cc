#include "block/pair_condition.h"

namespace linkwright {

Result<PairCondition> PairCondition::make(const Expression& condition, const RecordTable& records,
                                          const EvaluationOptions& options) {
  const auto types = [&](const ColumnReference& column) { return records.column_type(column.name); };
  ARROW_ASSIGN_OR_RAISE(Evaluator evaluator, Evaluator::compile(condition, condition.to_sql(), types, options));
  PairCondition made(std::move(evaluator));
  for (const ColumnReference& column : made.evaluator_.columns()) {
    ARROW_ASSIGN_OR_RAISE(const EncodedColumn* encoded, records.column(column.name));
    made.inputs_.push_back({encoded, column.side});
    ARROW_ASSIGN_OR_RAISE(auto dictionary, ArrayValues::make(encoded->values));
    made.dictionaries_.push_back(std::move(dictionary));
  }
  made.values_.resize(made.inputs_.size());
  return made;
}

Result<bool> PairCondition::holds(RowPair pair) {
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
