#include "compare/condition_compiler.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "compare/date_differences.h"
#include "compare/symmetry.h"
#include "expr/arrow_values.h"
#include "expr/number_text.h"
#include "expr/replaced_columns.h"
#include "expr/sql_type.h"

namespace linkwright {
namespace {

// Which sides an expression reads.
struct Sides {
  bool left = false;
  bool right = false;
};

Sides sides_of(const Expression& expression) {
  Sides sides;
  for (const ColumnReference& column : expression.columns()) {
    (column.side == Side::kLeft ? sides.left : sides.right) = true;
  }
  return sides;
}

bool opposite(const Expression& a, const Expression& b) {
  const Sides sa = sides_of(a);
  const Sides sb = sides_of(b);
  return sa.left != sa.right && sb.left != sb.right && sa.left != sb.left;
}

std::optional<Relation> relation_of(const Expression& expression) {
  if (expression.is_call("<")) return Relation::kLess;
  if (expression.is_call("<=")) return Relation::kLessEqual;
  if (expression.is_call(">")) return Relation::kGreater;
  if (expression.is_call(">=")) return Relation::kGreaterEqual;
  return std::nullopt;
}

Relation mirrored(Relation relation) {
  switch (relation) {
    case Relation::kLess:
      return Relation::kGreater;
    case Relation::kLessEqual:
      return Relation::kGreaterEqual;
    case Relation::kGreater:
      return Relation::kLess;
    case Relation::kGreaterEqual:
      return Relation::kLessEqual;
  }
  return relation;
}

std::optional<TextDistance> distance_function(const std::string& name) {
  static const std::map<std::string, TextDistance> kFunctions = {
      {"levenshtein", TextDistance::kLevenshtein}, {"damerau_levenshtein", TextDistance::kDamerauLevenshtein},
      {"jaro_similarity", TextDistance::kJaro},    {"jaro_winkler_similarity", TextDistance::kJaroWinkler},
      {"jaccard", TextDistance::kJaccard},
  };
  const auto found = kFunctions.find(name);
  return found == kFunctions.end() ? std::nullopt : std::optional(found->second);
}

// Whether SQL computes with it in DECIMAL, which a double only stands for as long as results are rounded to the scale.
bool has_decimals(const Expression& expression) {
  if (expression.kind() == Expression::Kind::kLiteral) return !expression.decimal_digits().empty();
  if (expression.is_call("cast") || expression.is_call("try_cast")) {
    const std::optional<SqlType> type = parse_sql_type(expression.arguments()[1].literal().text());
    if (!type || type->kind == SqlKind::kDecimal) return true;
  }
  if (expression.kind() != Expression::Kind::kCall) return false;
  return std::any_of(expression.arguments().begin(), expression.arguments().end(), has_decimals);
}

// The same of one record, whichever it is.
Expression without_sides(const Expression& expression) {
  return with_columns(expression, [](const ColumnReference& column) {
    return ColumnReference{Side::kNone, column.name};
  });
}

bool refuses_values(const Expression& call) {
  static constexpr std::array<std::string_view, 5> kFunctions = {"%", "//", "cast", "hamming", "strptime"};
  return std::find(kFunctions.begin(), kFunctions.end(), call.function()) != kFunctions.end();
}

bool calls_what_refuses_values(const Expression& expression) {
  const bool is_call = expression.kind() == Expression::Kind::kCall;
  if (!is_call && expression.kind() != Expression::Kind::kLambda) return false;
  return (is_call && refuses_values(expression)) ||
         std::any_of(expression.arguments().begin(), expression.arguments().end(), calls_what_refuses_values);
}

Status in_level(const Comparison& comparison, size_t level, const Status& status) {
  return status.WithMessage("comparison '", comparison.output_column_name, "', level ", level + 1, " (",
                            comparison.levels[level].label_for_charts, "): ", status.message());
}

}  // namespace

Result<Evaluator> ConditionCompiler::compile_sql(const Expression& expression) const {
  const std::string sql = expression.to_sql();
  return Evaluator::compile(
      expression, sql, [&](const ColumnReference& column) { return records_.column_type(column.name); }, options_);
}

Result<const BaseColumn*> ConditionCompiler::base_column(const Expression& expression, Side side) {
  std::vector<std::string> names;
  for (const ColumnReference& column : expression.columns()) {
    if (column.side == side) names.push_back(column.name);
  }
  std::sort(names.begin(), names.end());  // one base column, whatever the order in which conditions read its members
  return names.empty() ? Result<const BaseColumn*>(nullptr) : columns_->get(names);
}

Result<ConditionCompiler::OneSided> ConditionCompiler::one_sided(const Expression& expression) {
  ARROW_ASSIGN_OR_RAISE(Evaluator evaluator, compile_sql(expression));
  std::vector<std::string> names;
  for (const ColumnReference& column : evaluator.columns()) names.push_back(column.name);
  ARROW_ASSIGN_OR_RAISE(const BaseColumn* column, columns_->get(names));
  return OneSided{column, std::move(evaluator), without_sides(expression).to_sql(),
                  expression.kind() == Expression::Kind::kColumn};
}

Result<const DerivedCodes*> ConditionCompiler::derived(const OneSided& operand) {
  const std::pair key(operand.column, operand.sql);
  auto place = derived_.find(key);
  if (place == derived_.end()) {
    ARROW_ASSIGN_OR_RAISE(DerivedCodes codes, derive_codes(*operand.column, operand.evaluator));
    place = derived_.emplace(key, std::move(codes)).first;
  }
  return &place->second;
}

Formula ConditionCompiler::add(PendingAtom pending) {
  size_t place = 0;
  while (place < atoms_.size() && atoms_[place].key != pending.key) ++place;
  if (place == atoms_.size()) atoms_.push_back(std::move(pending));
  return Formula{Formula::Op::kAtom, place, {}};
}

Result<CodeTruths> ConditionCompiler::truths_of(const Expression& condition, const OneSided& operand) {
  if (condition.is_call("is null") && condition.arguments()[0].kind() == Expression::Kind::kColumn) {
    return CodeTruths(std::vector<Truth>{kTrue, kFalse});
  }
  ARROW_ASSIGN_OR_RAISE(const DerivedCodes* outcomes, derived(operand));
  ARROW_ASSIGN_OR_RAISE(ArrayValues values, ArrayValues::make(outcomes->values));
  std::vector<Truth> truths;
  truths.reserve(outcomes->code_of.size());
  for (const uint32_t code : outcomes->code_of) {
    truths.push_back(code == 0 ? kNullTruth : truth_of(values.at(code - 1).boolean));
  }
  return CodeTruths(std::move(truths));
}

Result<Formula> ConditionCompiler::add_one_sided(const Expression& condition, Side side) {
  ARROW_ASSIGN_OR_RAISE(const OneSided operand, one_sided(condition));
  PendingAtom pending;
  pending.key = (side == Side::kLeft ? "left " : "right ") + operand.sql;
  pending.sql = condition;
  (side == Side::kLeft ? pending.left : pending.right) = operand.column;
  pending.atom.kind = side == Side::kLeft ? Atom::Kind::kLeftTruth : Atom::Kind::kRightTruth;
  ARROW_ASSIGN_OR_RAISE(pending.atom.truths, truths_of(condition, operand));
  return add(std::move(pending));
}

Result<bool> ConditionCompiler::add_equality(const Expression& condition, Formula* formula) {
  if (!condition.is_call("=") || !opposite(condition.arguments()[0], condition.arguments()[1])) return false;
  const bool in_order = sides_of(condition.arguments()[0]).left;
  ARROW_ASSIGN_OR_RAISE(const OneSided left, one_sided(condition.arguments()[in_order ? 0 : 1]));
  ARROW_ASSIGN_OR_RAISE(const OneSided right, one_sided(condition.arguments()[in_order ? 1 : 0]));
  if (left.evaluator.type() != right.evaluator.type()) return false;  // SQL converts one of them; evaluate it as it is
  PendingAtom pending;
  pending.key = left.sql + " = " + right.sql;
  pending.left = left.column;
  pending.right = right.column;
  pending.has_operands = true;
  pending.atom.kind = Atom::Kind::kEqual;
  if (left.is_column && right.is_column && left.column == right.column) {
    *formula = add(std::move(pending));
    return true;
  }
  ARROW_ASSIGN_OR_RAISE(const DerivedCodes* left_codes, derived(left));
  ARROW_ASSIGN_OR_RAISE(const DerivedCodes* right_codes, derived(right));
  ARROW_ASSIGN_OR_RAISE(std::vector<uint32_t> translated, translate_codes(*right_codes->values, *left_codes->values));
  translated[0] = 0;  // null stays null; a value that no left record has keeps kNoCode, equal to nothing
  pending.left_operand.code_of = left_codes->code_of;
  for (const uint32_t code : right_codes->code_of) pending.right_operand.code_of.push_back(translated[code]);
  *formula = add(std::move(pending));
  return true;
}

Result<ComparedOperand> ConditionCompiler::texts_of(const OneSided& side) {
  ComparedOperand operand;
  if (side.is_column) {
    ARROW_ASSIGN_OR_RAISE(operand.texts, TextTable::make(side.column->members[0]->values));
    return operand;
  }
  ARROW_ASSIGN_OR_RAISE(const DerivedCodes* codes, derived(side));
  operand.code_of = codes->code_of;
  ARROW_ASSIGN_OR_RAISE(operand.texts, TextTable::make(codes->values));
  return operand;
}

Result<bool> ConditionCompiler::add_distance(const Expression& call, Relation relation, double threshold,
                                             Formula* formula) {
  const std::optional<TextDistance> function = distance_function(call.function());
  if (!function || call.arguments().size() != 2 || !opposite(call.arguments()[0], call.arguments()[1])) return false;
  const bool in_order = sides_of(call.arguments()[0]).left;
  ARROW_ASSIGN_OR_RAISE(const OneSided left, one_sided(call.arguments()[in_order ? 0 : 1]));
  ARROW_ASSIGN_OR_RAISE(const OneSided right, one_sided(call.arguments()[in_order ? 1 : 0]));
  const auto can_be_text = [](const OneSided& operand) {
    const ValueKind kind = operand.evaluator.type().kind;
    return kind == ValueKind::kText || kind == ValueKind::kInteger;
  };
  if (!can_be_text(left) || !can_be_text(right)) return false;
  PendingAtom pending;
  pending.left = left.column;
  pending.right = right.column;
  pending.has_operands = true;
  pending.function = *function;
  pending.atom.kind = Atom::Kind::kDistance;
  pending.atom.relation = relation;
  pending.atom.threshold = threshold;
  pending.distance_key = call.function() + "(" + left.sql + ", " + right.sql + ")";
  pending.key =
      pending.distance_key + " " + std::to_string(static_cast<int>(relation)) + " " + format_double(threshold);
  ARROW_ASSIGN_OR_RAISE(pending.left_operand, texts_of(left));
  ARROW_ASSIGN_OR_RAISE(pending.right_operand, texts_of(right));
  *formula = add(std::move(pending));
  return true;
}

Result<bool> ConditionCompiler::add_difference(const Expression& condition, const Expression& call, Relation relation,
                                               double threshold, Formula* formula) {
  if (!call.is_call("abs") || !call.arguments()[0].is_call("-") || call.arguments()[0].arguments().size() != 2) {
    return false;
  }
  const std::vector<Expression>& terms = call.arguments()[0].arguments();
  if (!opposite(terms[0], terms[1]) || has_decimals(call)) return false;
  const bool in_order = sides_of(terms[0]).left;
  ARROW_ASSIGN_OR_RAISE(const OneSided left, one_sided(terms[in_order ? 0 : 1]));
  ARROW_ASSIGN_OR_RAISE(const OneSided right, one_sided(terms[in_order ? 1 : 0]));
  if (left.evaluator.type().is_single_precision || right.evaluator.type().is_single_precision) return false;
  PendingAtom pending;
  pending.left = left.column;
  pending.right = right.column;
  pending.has_operands = true;
  pending.atom.kind = Atom::Kind::kDifference;
  pending.sql = condition;
  pending.atom.relation = relation;
  pending.atom.threshold = threshold;
  pending.key = "|" + left.sql + " - " + right.sql + "| " + std::to_string(static_cast<int>(relation)) + " " +
                format_double(threshold);
  // Differences of large integers would lose digits as doubles; those are left to the evaluator.
  constexpr double kExact = 4503599627370496.0;
  const auto fill = [&](const OneSided& side, ComparedOperand* operand) -> Result<bool> {
    const ValueKind kind = side.evaluator.type().kind;
    if (kind != ValueKind::kDouble && kind != ValueKind::kInteger) return false;
    ARROW_ASSIGN_OR_RAISE(const DerivedCodes* codes, derived(side));
    ARROW_ASSIGN_OR_RAISE(ArrayValues values, ArrayValues::make(codes->values));
    operand->code_of = codes->code_of;
    operand->numbers.assign(1, std::numeric_limits<double>::quiet_NaN());
    for (int64_t i = 0; i < values.length(); ++i) {
      const Value value = values.at(i);
      const double number = kind == ValueKind::kDouble ? value.number : static_cast<double>(value.integer);
      if (std::isnan(number) || (kind == ValueKind::kInteger && std::abs(number) >= kExact)) return false;
      operand->numbers.push_back(number);
    }
    return true;
  };
  ARROW_ASSIGN_OR_RAISE(const bool left_fits, fill(left, &pending.left_operand));
  ARROW_ASSIGN_OR_RAISE(const bool right_fits, fill(right, &pending.right_operand));
  if (!left_fits || !right_fits) return false;
  *formula = add(std::move(pending));
  return true;
}

Result<bool> ConditionCompiler::add_threshold(const Expression& condition, Formula* formula) {
  std::optional<Relation> relation = relation_of(condition);
  if (!relation) return false;
  const Expression* call = &condition.arguments()[0];
  const Expression* bound = &condition.arguments()[1];
  if (bound->kind() != Expression::Kind::kLiteral) {
    std::swap(call, bound);
    relation = mirrored(*relation);
  }
  if (bound->kind() != Expression::Kind::kLiteral || call->kind() != Expression::Kind::kCall) return false;
  const Value literal = bound->literal();
  if (literal.kind != ValueKind::kInteger && literal.kind != ValueKind::kDouble) return false;
  const double threshold = literal.kind == ValueKind::kInteger ? static_cast<double>(literal.integer) : literal.number;
  ARROW_ASSIGN_OR_RAISE(const bool added, add_distance(*call, *relation, threshold, formula));
  return added ? Result<bool>(true) : add_difference(condition, *call, *relation, threshold, formula);
}

Result<Formula> ConditionCompiler::add_evaluated(const Expression& condition) {
  PendingAtom pending;
  pending.key = condition.to_sql();
  pending.atom.kind = Atom::Kind::kEvaluated;
  ARROW_ASSIGN_OR_RAISE(pending.left, base_column(condition, Side::kLeft));
  ARROW_ASSIGN_OR_RAISE(pending.right, base_column(condition, Side::kRight));
  pending.sql = condition;
  return add(std::move(pending));
}

Result<Formula> ConditionCompiler::compile_condition(const Expression& condition) {
  const bool conjunction = condition.is_call("and");
  if (conjunction || condition.is_call("or") || condition.is_call("not")) {
    Formula formula{conjunction               ? Formula::Op::kAnd
                    : condition.is_call("or") ? Formula::Op::kOr
                                              : Formula::Op::kNot,
                    0,
                    {}};
    for (const Expression& argument : condition.arguments()) {
      ARROW_ASSIGN_OR_RAISE(formula.operands.emplace_back(), compile_condition(argument));
    }
    return formula;
  }
  const Sides sides = sides_of(condition);
  if (!sides.left && !sides.right) {
    ARROW_ASSIGN_OR_RAISE(const Evaluator evaluator, compile_sql(condition));
    Evaluator::Scratch scratch;
    ARROW_ASSIGN_OR_RAISE(const Value value, evaluator.evaluate({}, scratch));
    const Formula always;
    const bool holds = value.kind == ValueKind::kBoolean && value.boolean;
    return holds ? always : Formula{Formula::Op::kNot, 0, {always}};
  }
  if (sides.left != sides.right) return add_one_sided(condition, sides.left ? Side::kLeft : Side::kRight);
  Formula formula;
  ARROW_ASSIGN_OR_RAISE(bool added, add_equality(condition, &formula));
  if (!added) {
    ARROW_ASSIGN_OR_RAISE(added, add_threshold(condition, &formula));
  }
  return added ? Result<Formula>(formula) : add_evaluated(condition);
}

// Whether a Jaccard similarity of a left and a right text meets an empty one, for which there is none.
bool ConditionCompiler::meets_empty_texts(const Expression& expression) {
  if (expression.kind() != Expression::Kind::kCall) return false;
  const std::vector<Expression>& arguments = expression.arguments();
  if (expression.is_call("jaccard") && opposite(arguments[0], arguments[1])) {
    return std::any_of(arguments.begin(), arguments.end(), [&](const Expression& argument) {
      const auto side = one_sided(argument);
      const auto texts = side.ok() ? texts_of(*side) : Result<ComparedOperand>(side.status());
      return !texts.ok() || texts->texts.has_empty();
    });
  }
  return std::any_of(arguments.begin(), arguments.end(),
                     [&](const Expression& argument) { return meets_empty_texts(argument); });
}

// Whether a function may refuse values of the records that it is called with: what reads one record is tried with all.
bool ConditionCompiler::may_fail(const Expression& expression) {
  if (meets_empty_texts(expression)) return true;
  if (!calls_what_refuses_values(expression)) return false;
  const Sides sides = sides_of(expression);
  if (sides.left && sides.right) {
    return expression.kind() != Expression::Kind::kCall || refuses_values(expression) ||
           std::any_of(expression.arguments().begin(), expression.arguments().end(),
                       [&](const Expression& argument) { return may_fail(argument); });
  }
  if (!sides.left && !sides.right) return false;
  const auto operand = one_sided(expression);
  return !operand.ok() || !derived(*operand).ok();
}

// SQL evaluates a level for the pairs that no earlier one has decided. Where that matters, since the condition cannot
// be computed for all values, it is one piece of SQL that asks for the earlier levels first.
Result<Formula> ConditionCompiler::compile_reached(const Expression& condition) {
  if (!may_fail(condition)) {
    const size_t others = atoms_.size();
    Result<Formula> formula = compile_condition(condition);
    if (formula.ok()) return formula;
    atoms_.erase(atoms_.begin() + static_cast<std::ptrdiff_t>(others), atoms_.end());
  }
  if (earlier_.empty()) return add_evaluated(condition);
  std::vector<Expression> branches;
  for (const Expression& level : earlier_) {
    branches.push_back(level);
    branches.push_back(Expression::boolean_literal(false));
  }
  branches.push_back(condition);
  return add_evaluated(Expression::call("case", std::move(branches)));
}

Result<Formula> ConditionCompiler::compile_level(const ComparisonLevel& level, bool* symmetric) {
  if (level.is_else()) return Formula{};
  ARROW_ASSIGN_OR_RAISE(const Expression parsed, Expression::parse(level.sql_condition));
  const Expression condition = parsed.with_sides([&](std::string_view name) { return records_.has_column(name); });
  for (const ColumnReference& column : condition.columns()) {
    if (column.side == Side::kNone) {
      return Status::Invalid("'", column.name,
                             "' is neither a column of the left record (name ending in _l) nor of the "
                             "right one (_r), in: ",
                             level.sql_condition);
    }
  }
  // Type errors point into the text as the user wrote it.
  ARROW_ASSIGN_OR_RAISE(
      const Evaluator checked,
      Evaluator::compile(
          condition, level.sql_condition,
          [&](const ColumnReference& column) { return records_.column_type(column.name); }, options_));
  if (checked.type().kind != ValueKind::kBoolean && checked.type().kind != ValueKind::kNull) {
    return Status::TypeError("the condition is ", to_string(checked.type()),
                             ", not true or false: ", level.sql_condition);
  }
  const Expression split = split_date_differences(condition);
  *symmetric = *symmetric && is_symmetric(split);
  Result<Formula> formula = compile_reached(split);
  earlier_.push_back(condition);
  return formula;
}

Result<ConditionCompiler::Compiled> ConditionCompiler::compile(const Comparison& comparison) {
  atoms_.clear();
  derived_.clear();
  earlier_.clear();
  std::vector<Formula> levels;
  bool symmetric = true;
  for (size_t i = 0; i < comparison.levels.size(); ++i) {
    auto level = compile_level(comparison.levels[i], &symmetric);
    if (!level.ok()) return in_level(comparison, i, level.status());
    levels.push_back(std::move(*level));
  }
  ARROW_ASSIGN_OR_RAISE(Compiled compiled, place_atoms(std::move(levels)));
  for (ValueComparator& comparator : compiled.comparators) comparator.comparison = comparison.output_column_name;
  compiled.symmetric = symmetric;
  return compiled;
}

}  // namespace linkwright
