#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "model/linkage_model.h"

namespace linkwright {

/// m and u as they count: the trained value, or Splink's starting value for a level that was not trained.
/// Null levels have neither (assert).
double m_probability(const Comparison& comparison, size_t level);
double u_probability(const Comparison& comparison, size_t level);

/// log2(m / u) of a level; 0 for a null level. Both are kept from falling below 1e-300, as in Splink 5.
double match_weight(const Comparison& comparison, size_t level);
double match_weight(double m, double u);

/// log2(p / (1 - p)) and back, the latter without overflow for any weight. Source: Splink 5 (reference section 5.9).
double probability_to_match_weight(double probability);
double match_weight_to_probability(double match_weight);

/// The columns, in lower case, of a level whose condition is nothing but equalities `x_l = x_r`; empty for other
/// levels. Source: Splink's _exact_match_colnames.
Result<std::vector<std::string>> exact_match_columns(const ComparisonLevel& level);

/// A level whose weight is adjusted for how common the shared value is.
struct TermFrequencyAdjustment {
  std::string column;
  double weight = 1;
  double minimum_u = 0;
  size_t u_level = 0;        // whose u the frequency replaces: the exact match on the column, or the level itself
  double u_probability = 0;  // of that level
};

/// The adjustment of a level; none for levels without one. Errors: no level of the comparison is an exact match on the
/// column alone, which Splink needs to tell what the frequency replaces.
Result<std::optional<TermFrequencyAdjustment>> term_frequency_adjustment(const Comparison& comparison, size_t level);

}  // namespace linkwright
