#pragma once

#include <string>

#include "base/status.h"
#include "model/linkage_model.h"

namespace linkwright {

/// What every comparison must keep to, written out or in short form: 2 to 250 levels, probabilities between 0 and 1,
/// and conditions that parse. The error starts with `prefix` ("model.json: comparisons[0].") and the place in the
/// comparison.
Status check_comparison(const Comparison& comparison, const std::string& prefix);

/// OK for SQL that parses; else an error that starts with `place` and points at the byte.
Status check_sql(const std::string& sql, const std::string& place);

/// OK for a number between 0 and 1; else an error that starts with `place`.
Status check_probability(double value, const std::string& place);

}  // namespace linkwright
