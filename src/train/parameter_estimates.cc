#include "train/parameter_estimates.h"

#include <algorithm>

namespace linkwright {
namespace {

std::optional<double> median(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace

ParameterEstimates::ParameterEstimates(const std::vector<Comparison>& comparisons) {
  for (const Comparison& comparison : comparisons) estimates_.emplace_back(comparison.levels.size());
}

std::optional<double> ParameterEstimates::median_m(size_t comparison, size_t level) const {
  return median(estimates_[comparison][level].m);
}

std::optional<double> ParameterEstimates::median_u(size_t comparison, size_t level) const {
  return median(estimates_[comparison][level].u);
}

void ParameterEstimates::populate(std::vector<Comparison>* comparisons) const {
  for (size_t c = 0; c < comparisons->size(); ++c) {
    for (size_t l = 0; l < (*comparisons)[c].levels.size(); ++l) {
      ComparisonLevel& level = (*comparisons)[c].levels[l];
      if (level.is_null_level) continue;
      if (const auto m = median_m(c, l); m && !level.fix_m_probability) level.m_probability = m;
      if (const auto u = median_u(c, l); u && !level.fix_u_probability) level.u_probability = u;
    }
  }
}

std::vector<std::optional<double>> level_proportions(const Comparison& comparison, const std::vector<double>& counts) {
  double total = 0;
  for (size_t level = 0; level < comparison.levels.size(); ++level) {
    if (!comparison.levels[level].is_null_level) total += counts[level];
  }
  std::vector<std::optional<double>> proportions(comparison.levels.size());
  for (size_t level = 0; level < comparison.levels.size(); ++level) {
    if (!comparison.levels[level].is_null_level && counts[level] > 0) proportions[level] = counts[level] / total;
  }
  return proportions;
}

}  // namespace linkwright
