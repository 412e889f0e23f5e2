#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "model/linkage_model.h"

namespace linkwright {

/// Every estimate of m and u that training has made so far; the model takes their medians.
///
/// Source: Splink's _populate_m_u_from_trained_values: a level keeps its value when it is fixed or was never observed.
class ParameterEstimates {
 public:
  explicit ParameterEstimates(const std::vector<Comparison>& comparisons);

  void add_m(size_t comparison, size_t level, double m) { estimates_[comparison][level].m.push_back(m); }
  void add_u(size_t comparison, size_t level, double u) { estimates_[comparison][level].u.push_back(u); }

  std::optional<double> median_m(size_t comparison, size_t level) const;
  std::optional<double> median_u(size_t comparison, size_t level) const;

  void populate(std::vector<Comparison>* comparisons) const;

 private:
  struct LevelEstimates {
    std::vector<double> m;
    std::vector<double> u;
  };
  std::vector<std::vector<LevelEstimates>> estimates_;
};

/// How often each level was seen: `counts[c][level]`, the last entry for pairs without a level.
using LevelCounts = std::vector<std::vector<double>>;

/// Shares of the levels among the pairs whose level is not a null level; none for levels that were never seen.
/// Source: Splink's compute_proportions_for_new_parameters.
std::vector<std::optional<double>> level_proportions(const Comparison& comparison, const std::vector<double>& counts);

}  // namespace linkwright
