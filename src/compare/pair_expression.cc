#include "compare/pair_expression.h"

#include <arrow/array.h>

#include <map>
#include <string>
#include <utility>

namespace linkwright {
namespace {

// A part of an expression that reads one column of one record, computed for all values of the column.
struct Precomputed {
  ColumnReference column;
  DerivedCodes derived;
};

// Takes such parts out of an expression, and puts columns of made-up names in their places.
class OneSidedParts {
 public:
  OneSidedParts(const RecordTable& records, const EvaluationOptions& options) : records_(records), options_(options) {}

  Expression take_out(const Expression& expression) {
    if (expression.kind() != Expression::Kind::kCall) return expression;
    const std::vector<ColumnReference> columns = expression.columns();
    if (columns.size() == 1) {
      const std::optional<Expression> column = precompute(expression, columns[0]);
      if (column) return *column;
    }
    std::vector<Expression> arguments;
    for (const Expression& argument : expression.arguments()) arguments.push_back(take_out(argument));
    return Expression::call(expression.function(), std::move(arguments), expression.position());
  }

  std::map<std::string, Precomputed>& precomputed() { return precomputed_; }

 private:
  // None where it cannot be computed for every value: a pair may never come to what fails. Nor where it is an exact
  // decimal, which a column of doubles is not.
  std::optional<Expression> precompute(const Expression& expression, const ColumnReference& column) {
    if (has_decimals(expression)) return std::nullopt;
    const std::string sql = expression.to_sql();
    if (!precomputed_.contains(sql)) {
      const auto source = records_.column(column.name);
      const auto types = [&](const ColumnReference& reference) { return records_.column_type(reference.name); };
      const auto evaluator = Evaluator::compile(expression, sql, types, options_);
      if (!source.ok() || !evaluator.ok()) return std::nullopt;
      auto derived = derive_codes(**source, *evaluator);
      if (!derived.ok()) return std::nullopt;
      precomputed_.emplace(sql, Precomputed{column, std::move(*derived)});
    }
    return Expression::column({column.side, sql}, expression.position());
  }

  static bool has_decimals(const Expression& expression) {
    if (expression.kind() == Expression::Kind::kLiteral) return !expression.decimal_digits().empty();
    if (expression.kind() != Expression::Kind::kCall) return expression.kind() != Expression::Kind::kColumn;
    for (const Expression& argument : expression.arguments()) {
      if (has_decimals(argument)) return true;
    }
    return expression.is_call("cast") || expression.is_call("try_cast");
  }

  const RecordTable& records_;
  const EvaluationOptions& options_;
  std::map<std::string, Precomputed> precomputed_;  // by SQL
};

size_t member_of(const BaseColumn& base, const std::string& name) {
  size_t member = 0;
  while (base.members[member]->name != name) ++member;
  return member;
}

}  // namespace

Result<PairExpression> PairExpression::make(const Expression& expression, const BaseColumn* left,
                                            const BaseColumn* right, const RecordTable& records,
                                            const EvaluationOptions& options) {
  OneSidedParts parts(records, options);
  const Expression reduced = parts.take_out(expression);
  std::map<std::string, Precomputed>& precomputed = parts.precomputed();
  const auto types = [&](const ColumnReference& column) -> Result<ValueType> {
    const auto found = precomputed.find(column.name);
    return found == precomputed.end() ? records.column_type(column.name) : found->second.derived.type;
  };
  ARROW_ASSIGN_OR_RAISE(Evaluator evaluator, Evaluator::compile(reduced, expression.to_sql(), types, options));
  PairExpression made(std::move(evaluator));
  for (const ColumnReference& column : made.evaluator_.columns()) {
    const bool is_left = column.side == Side::kLeft;
    const BaseColumn* base = is_left ? left : right;
    const auto found = precomputed.find(column.name);
    if (found == precomputed.end()) {
      const size_t member = member_of(*base, column.name);
      made.arguments_.push_back({base, is_left, member, base->members[member]->values, {}});
    } else {
      const size_t member = member_of(*base, found->second.column.name);
      made.arguments_.push_back({base, is_left, member, found->second.derived.values, found->second.derived.code_of});
    }
  }
  return made;
}

uint32_t PairExpression::Argument::code(uint32_t base_code) const {
  const size_t width = base->members.size();
  const uint32_t code = width == 1 ? base_code : base->member_codes[base_code * width + member];
  return code_of.empty() ? code : code_of[code];
}

Result<PairExpression::Reader> PairExpression::Reader::make(const PairExpression& expression) {
  Reader reader;
  reader.expression_ = &expression;
  for (const Argument& argument : expression.arguments_) {
    ARROW_ASSIGN_OR_RAISE(ArrayValues values, ArrayValues::make(argument.values));
    reader.values_.push_back(std::move(values));
  }
  reader.arguments_.resize(expression.arguments_.size());
  return reader;
}

Result<Value> PairExpression::Reader::evaluate(uint32_t left_code, uint32_t right_code) {
  for (size_t i = 0; i < arguments_.size(); ++i) {
    const Argument& argument = expression_->arguments_[i];
    const uint32_t code = argument.code(argument.is_left ? left_code : right_code);
    arguments_[i] = code == 0 ? Value::null() : values_[i].at(code - 1);
  }
  scratch_.clear();
  return expression_->evaluator_.evaluate(arguments_, scratch_);
}

}  // namespace linkwright
