#include "block/blocking_rule.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/add_once.h"

namespace linkwright {
namespace {

constexpr size_t kMaxArms = 64;

void flatten(const Expression& expression, std::string_view connective, std::vector<Expression>* parts) {
  if (!expression.is_call(connective)) {
    parts->push_back(expression);
    return;
  }
  for (const Expression& argument : expression.arguments()) flatten(argument, connective, parts);
}

// The only side whose columns an expression reads; none when it reads both or has no column.
std::optional<Side> only_side(const Expression& expression) {
  const std::vector<ColumnReference> columns = expression.columns();
  if (columns.empty()) return std::nullopt;
  const bool same = std::all_of(columns.begin(), columns.end(),
                                [&](const ColumnReference& column) { return column.side == columns[0].side; });
  return same ? std::optional(columns[0].side) : std::nullopt;
}

std::optional<KeyEquality> as_key(const Expression& expression) {
  if (!expression.is_call("=")) return std::nullopt;
  const Expression& first = expression.arguments()[0];
  const Expression& second = expression.arguments()[1];
  const std::optional<Side> first_side = only_side(first);
  const std::optional<Side> second_side = only_side(second);
  if (!first_side || !second_side || *first_side == *second_side) return std::nullopt;
  return *first_side == Side::kLeft ? KeyEquality{first, second} : KeyEquality{second, first};
}

bool is_always_true(const Expression& expression) {
  if (expression.kind() == Expression::Kind::kLiteral) {
    return expression.literal().kind == ValueKind::kBoolean && expression.literal().boolean;
  }
  return expression.is_call("=") && expression.columns().empty() &&
         expression.arguments()[0] == expression.arguments()[1] &&
         expression.arguments()[0].kind() == Expression::Kind::kLiteral &&
         !expression.arguments()[0].literal().is_null();
}

Status add_arms(const std::vector<Expression>& conjuncts, std::vector<RuleArm>* arms) {
  RuleArm arm;
  std::optional<size_t> alternatives;
  for (size_t i = 0; i < conjuncts.size(); ++i) {
    if (std::optional<KeyEquality> key = as_key(conjuncts[i])) {
      arm.keys.push_back(std::move(*key));
    } else if (!is_always_true(conjuncts[i])) {
      if (conjuncts[i].is_call("or") && !alternatives) alternatives = i;
      arm.filters.push_back(conjuncts[i]);
    }
  }
  if (!arm.keys.empty() || !alternatives) {
    arms->push_back(std::move(arm));
    return arms->size() <= kMaxArms ? Status::OK()
                                    : Status::Invalid("it has more than ", kMaxArms, " alternatives; split the rule");
  }
  std::vector<Expression> branches;
  flatten(conjuncts[*alternatives], "or", &branches);
  for (const Expression& branch : branches) {
    std::vector<Expression> rest;
    for (size_t i = 0; i < conjuncts.size(); ++i) {
      if (i != *alternatives) rest.push_back(conjuncts[i]);
    }
    flatten(branch, "and", &rest);
    ARROW_RETURN_NOT_OK(add_arms(rest, arms));
  }
  return Status::OK();
}

}  // namespace

Status in_blocking_rule(std::string_view rule_sql, const Status& error) {
  return error.WithMessage("blocking rule '", rule_sql, "': ", error.message());
}

Result<BlockingRule> BlockingRule::parse(std::string_view sql, std::vector<std::string> arrays_to_explode) {
  BlockingRule rule;
  rule.sql = sql;
  rule.arrays_to_explode = std::move(arrays_to_explode);
  auto condition = Expression::parse(sql);
  if (!condition.ok()) return in_blocking_rule(sql, condition.status());
  for (const ColumnReference& column : condition->columns()) {
    if (column.side == Side::kNone) {
      return Status::Invalid("blocking rule '", sql, "': column '", column.name,
                             "' does not say which record it belongs to; write l.", column.name, " or r.", column.name);
    }
  }
  std::vector<Expression> conjuncts;
  flatten(*condition, "and", &conjuncts);
  const Status added = add_arms(conjuncts, &rule.arms);
  if (!added.ok()) return in_blocking_rule(sql, added);
  for (RuleArm& arm : rule.arms) arm.rule_sql = sql;
  return rule;
}

std::vector<std::string> BlockingRule::columns() const {
  std::vector<std::string> names;
  const auto add = [&](const Expression& expression) {
    for (const ColumnReference& column : expression.columns()) add_once(column.name, &names);
  };
  for (const RuleArm& arm : arms) {
    for (const KeyEquality& key : arm.keys) {
      add(key.left);
      add(key.right);
    }
    for (const Expression& filter : arm.filters) add(filter);
  }
  return names;
}

}  // namespace linkwright
