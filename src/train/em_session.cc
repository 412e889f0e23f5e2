#include "train/em_session.h"

#include <algorithm>
#include <set>

#include "base/add_once.h"
#include "expr/expression.h"
#include "model/match_weights.h"

namespace linkwright {

Result<std::vector<std::string>> columns_of(const Comparison& comparison) {
  std::vector<std::string> columns;
  for (const ComparisonLevel& level : comparison.levels) {
    if (level.is_else()) continue;
    ARROW_ASSIGN_OR_RAISE(const Expression condition, Expression::parse(level.sql_condition));
    for (const ColumnReference& column : condition.columns()) {
      std::string name = column.name;
      const bool has_side = name.size() > 2 && name[name.size() - 2] == '_' &&
                            std::string_view("lrLR").find(name.back()) != std::string_view::npos;
      if (has_side) name.resize(name.size() - 2);
      add_once(name, &columns);
    }
  }
  return columns;
}

Result<EmSessionPlan> plan_em_session(const LinkageModel& model, const std::vector<std::string>& rule_columns) {
  EmSessionPlan plan;
  for (size_t c = 0; c < model.comparisons.size(); ++c) {
    ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> columns, columns_of(model.comparisons[c]));
    const bool used = std::any_of(columns.begin(), columns.end(), [&](const std::string& column) {
      return std::find(rule_columns.begin(), rule_columns.end(), column) != rule_columns.end();
    });
    if (!used) plan.active.push_back(c);
  }
  if (plan.active.empty()) {
    return Status::Invalid("every comparison reads a column of the training rule, so nothing is left to estimate; ",
                           "block on fewer or other columns");
  }

  // Levels over more columns go first: they stand for several equalities of the rule at once.
  struct ExactLevel {
    EmSessionPlan::ImpliedLevel place;
    std::vector<std::string> columns;
  };
  std::vector<ExactLevel> exact;
  for (size_t c = 0; c < model.comparisons.size(); ++c) {
    for (size_t l = 0; l < model.comparisons[c].levels.size(); ++l) {
      ARROW_ASSIGN_OR_RAISE(std::vector<std::string> columns, exact_match_columns(model.comparisons[c].levels[l]));
      if (!columns.empty()) exact.push_back({{c, l}, std::move(columns)});
    }
  }
  std::stable_sort(exact.begin(), exact.end(),
                   [](const ExactLevel& a, const ExactLevel& b) { return a.columns.size() > b.columns.size(); });
  std::set<std::string> unexplained(rule_columns.begin(), rule_columns.end());
  double odds = model.probability_two_random_records_match / (1 - model.probability_two_random_records_match);
  for (const ExactLevel& level : exact) {
    const bool implied = std::all_of(level.columns.begin(), level.columns.end(),
                                     [&](const std::string& column) { return unexplained.count(column) > 0; });
    if (!implied) continue;
    for (const std::string& column : level.columns) unexplained.erase(column);
    const Comparison& comparison = model.comparisons[level.place.comparison];
    odds *= m_probability(comparison, level.place.level) / u_probability(comparison, level.place.level);
    plan.implied.push_back(level.place);
  }
  plan.starting_prior = odds / (1 + odds);
  return plan;
}

}  // namespace linkwright
