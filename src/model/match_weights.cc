#include "model/match_weights.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "base/ascii.h"
#include "expr/expression.h"

namespace linkwright {
namespace {

constexpr double kSmallestProbability = 1e-300;

// The column of `x_l = x_r`; "" for anything else.
std::string exact_match_column(const Expression& condition) {
  if (!condition.is_call("=")) return "";
  const Expression& left = condition.arguments()[0];
  const Expression& right = condition.arguments()[1];
  if (left.kind() != Expression::Kind::kColumn || right.kind() != Expression::Kind::kColumn) return "";
  const auto without_side = [](const Expression& column) {
    const std::string& name = column.column().name;
    return name.size() > 2 ? to_lower(std::string_view(name).substr(0, name.size() - 2)) : std::string();
  };
  const std::string name = without_side(left);
  return name == without_side(right) ? name : "";
}

bool add_columns(const Expression& condition, std::vector<std::string>* columns) {
  if (condition.is_call("and")) {
    return std::all_of(condition.arguments().begin(), condition.arguments().end(),
                       [&](const Expression& part) { return add_columns(part, columns); });
  }
  columns->push_back(exact_match_column(condition));
  return !columns->back().empty();
}

}  // namespace

double m_probability(const Comparison& comparison, size_t level) {
  assert(!comparison.levels[level].is_null_level);
  return comparison.levels[level].m_probability.value_or(
      default_m_probability(comparison.gamma(level), comparison.num_non_null_levels()));
}

double u_probability(const Comparison& comparison, size_t level) {
  assert(!comparison.levels[level].is_null_level);
  return comparison.levels[level].u_probability.value_or(
      default_u_probability(comparison.gamma(level), comparison.num_non_null_levels()));
}

double match_weight(double m, double u) {
  return std::log2(std::max(m, kSmallestProbability) / std::max(u, kSmallestProbability));
}

double match_weight(const Comparison& comparison, size_t level) {
  if (comparison.levels[level].is_null_level) return 0;
  return match_weight(m_probability(comparison, level), u_probability(comparison, level));
}

double probability_to_match_weight(double probability) { return std::log2(probability / (1 - probability)); }

double match_weight_to_probability(double match_weight) {
  if (match_weight >= 0) return 1 / (1 + std::exp2(-match_weight));
  const double odds = std::exp2(match_weight);
  return odds / (1 + odds);
}

Result<std::vector<std::string>> exact_match_columns(const ComparisonLevel& level) {
  std::vector<std::string> columns;
  if (level.is_else() || level.is_null_level) return columns;
  ARROW_ASSIGN_OR_RAISE(const Expression condition, Expression::parse(level.sql_condition));
  if (!add_columns(condition, &columns)) columns.clear();
  std::sort(columns.begin(), columns.end());
  columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
  return columns;
}

Result<std::optional<TermFrequencyAdjustment>> term_frequency_adjustment(const Comparison& comparison, size_t level) {
  const ComparisonLevel& adjusted = comparison.levels[level];
  if (adjusted.tf_adjustment_column.empty() || adjusted.tf_adjustment_weight == 0 || adjusted.is_null_level ||
      adjusted.is_else()) {
    return std::nullopt;
  }
  TermFrequencyAdjustment adjustment{adjusted.tf_adjustment_column, adjusted.tf_adjustment_weight,
                                     adjusted.tf_minimum_u_value, level, 0};
  if (adjusted.disable_tf_exact_match_detection) {
    adjustment.u_probability = u_probability(comparison, level);
    return adjustment;
  }
  for (size_t other = 0; other < comparison.levels.size(); ++other) {
    ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> columns, exact_match_columns(comparison.levels[other]));
    if (columns.size() == 1 && columns[0] == to_lower(adjusted.tf_adjustment_column)) {
      adjustment.u_level = other;
      adjustment.u_probability = u_probability(comparison, other);
      return adjustment;
    }
  }
  return Status::Invalid("comparison '", comparison.output_column_name, "', level ", level + 1, " (",
                         adjusted.label_for_charts, ") has term frequency adjustments on '",
                         adjusted.tf_adjustment_column, "', but no level is an exact match on that column alone; add ",
                         "one, or set disable_tf_exact_match_detection on the level to use its own u");
}

}  // namespace linkwright
