#include "model/comparison_checks.h"

#include <optional>

#include "expr/expression.h"

namespace linkwright {
namespace {

constexpr size_t kMostLevels = 250;  // a level is a byte in the engine

Status check_level(const ComparisonLevel& level, const std::string& place) {
  if (level.m_probability) ARROW_RETURN_NOT_OK(check_probability(*level.m_probability, place + ".m_probability"));
  if (level.u_probability) ARROW_RETURN_NOT_OK(check_probability(*level.u_probability, place + ".u_probability"));
  if (level.is_else()) return Status::OK();
  const auto condition = Expression::parse(level.sql_condition);
  return condition.ok() ? Status::OK() : Status::Invalid(place, ".sql_condition: ", condition.status().message());
}

}  // namespace

Status check_probability(double value, const std::string& place) {
  if (value >= 0 && value <= 1) return Status::OK();
  return Status::Invalid(place, ": expected a probability between 0 and 1, found ", value);
}

Status check_comparison(const Comparison& comparison, const std::string& prefix) {
  const std::string levels = prefix + "comparison_levels";
  if (comparison.levels.size() > kMostLevels) {
    return Status::Invalid(levels, ": has ", comparison.levels.size(), " levels; the most is ", kMostLevels);
  }
  for (size_t i = 0; i < comparison.levels.size(); ++i) {
    ARROW_RETURN_NOT_OK(check_level(comparison.levels[i], levels + "[" + std::to_string(i) + "]"));
  }
  if (comparison.num_non_null_levels() < 2) {
    return Status::Invalid(levels, ": needs at least two levels besides null levels");
  }
  return Status::OK();
}

}  // namespace linkwright
