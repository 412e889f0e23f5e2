#include <algorithm>
#include <cctype>
#include <cmath>

#include "base/add_once.h"
#include "expr/expression.h"
#include "model/linkage_model.h"

namespace linkwright {

bool ComparisonLevel::is_else() const {
  std::string word;
  for (const char c : sql_condition) {
    if (std::isspace(static_cast<unsigned char>(c)) == 0)
      word += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return word == "ELSE";
}

int Comparison::num_non_null_levels() const {
  int count = 0;
  for (const ComparisonLevel& level : levels) count += static_cast<int>(!level.is_null_level);
  return count;
}

int Comparison::gamma(size_t level) const {
  if (levels[level].is_null_level) return -1;
  int gamma = num_non_null_levels() - 1;
  for (size_t before = 0; before < level; ++before) gamma -= static_cast<int>(!levels[before].is_null_level);
  return gamma;
}

std::string_view to_string(LinkType link_type) {
  switch (link_type) {
    case LinkType::kDedupeOnly:
      return "dedupe_only";
    case LinkType::kLinkOnly:
      return "link_only";
    case LinkType::kLinkAndDedupe:
      return "link_and_dedupe";
  }
  return "";
}

Result<std::string> default_output_name(const Comparison& comparison) {
  std::vector<std::string> columns;
  for (const ComparisonLevel& level : comparison.levels) {
    if (level.is_else()) continue;
    ARROW_ASSIGN_OR_RAISE(const Expression condition, Expression::parse(level.sql_condition));
    for (const ColumnReference& column : condition.columns()) {
      const std::string name = column.name.size() > 2 ? column.name.substr(0, column.name.size() - 2) : column.name;
      add_once(name, &columns);
    }
  }
  if (columns.size() == 1) return columns[0];
  std::string name = "custom";
  for (const std::string& column : columns) name += "_" + column;
  return name;
}

namespace {

std::string without_blanks(std::string name) {
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

}  // namespace

std::string LinkageModel::gamma_column(const Comparison& comparison) const {
  return without_blanks(comparison_vector_value_column_prefix + comparison.output_column_name);
}

std::string LinkageModel::match_weight_column(const Comparison& comparison) const {
  return without_blanks(match_weight_column_prefix + comparison.output_column_name);
}

std::string LinkageModel::term_frequency_adjustment_column(const Comparison& comparison) const {
  return without_blanks(match_weight_column_prefix + term_frequency_adjustment_column_prefix + "adj_" +
                        comparison.output_column_name);
}

double default_m_probability(int gamma, int num_non_null_levels) {
  constexpr double kExactMatch = 0.95;
  return gamma == num_non_null_levels - 1 ? kExactMatch : (1 - kExactMatch) / (num_non_null_levels - 1);
}

double default_u_probability(int gamma, int num_non_null_levels) {
  constexpr double kLowest = -5;
  constexpr double kHighest = 3;
  double match_weight = 10;
  if (gamma < num_non_null_levels - 1) {
    const int steps = num_non_null_levels - 2;
    match_weight = steps == 0 ? kLowest : kLowest + (kHighest - kLowest) / steps * gamma;
  }
  return default_m_probability(gamma, num_non_null_levels) / std::pow(2.0, match_weight);  // as Splink rounds it
}

}  // namespace linkwright
