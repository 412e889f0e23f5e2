#include "model/comparison_checks.h"

#include "expr/expression.h"

namespace linkwright {
namespace {

constexpr size_t kMostLevels = 250;  // a level is a byte in the engine

Status check_level(const ComparisonLevel& level, const std::string& place) {
  if (level.m_probability) ARROW_RETURN_NOT_OK(check_probability(*level.m_probability, place + ".m_probability"));
  if (level.u_probability) ARROW_RETURN_NOT_OK(check_probability(*level.u_probability, place + ".u_probability"));
  ARROW_RETURN_NOT_OK(check_probability(level.tf_minimum_u_value, place + ".tf_minimum_u_value"));
  if (!(level.tf_adjustment_weight >= 0)) {
    return Status::Invalid(place, ".tf_adjustment_weight: expected a number of 0 or more, found ",
                           level.tf_adjustment_weight);
  }
  return level.is_else() ? Status::OK() : check_sql(level.sql_condition, place + ".sql_condition");
}

}  // namespace

Status check_probability(double value, const std::string& place) {
  if (value >= 0 && value <= 1) return Status::OK();
  return Status::Invalid(place, ": expected a probability between 0 and 1, found ", value);
}

Status check_sql(const std::string& sql, const std::string& place) {
  const auto parsed = Expression::parse(sql);
  return parsed.ok() ? Status::OK() : Status::Invalid(place, ": ", parsed.status().message());
}

Status check_comparison(const Comparison& comparison, const std::string& prefix) {
  const std::string levels = prefix + "comparison_levels";
  if (comparison.levels.size() > kMostLevels) {
    return Status::Invalid(levels, ": has ", comparison.levels.size(), " levels; the most is ", kMostLevels);
  }
  for (size_t i = 0; i < comparison.levels.size(); ++i) {
    const std::string place = levels + "[" + std::to_string(i) + "]";
    ARROW_RETURN_NOT_OK(check_level(comparison.levels[i], place));
    if (comparison.levels[i].is_else() && i + 1 < comparison.levels.size()) {
      return Status::Invalid(place, ": no pair comes to the levels after ELSE; move it to the end");
    }
  }
  if (comparison.num_non_null_levels() < 2) {
    return Status::Invalid(levels, ": needs at least two levels besides null levels");
  }
  return Status::OK();
}

}  // namespace linkwright
