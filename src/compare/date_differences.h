#pragma once

#include "expr/expression.h"

namespace linkwright {

/// The expression with every date_diff('part', l.born, r.born) as the difference of a number of the right and one of
/// the left record, each counted from 1970 on: what is computed once a value. Equal for all parts that count
/// boundaries of the calendar; 'week' counts spans of seven days and stays.
Expression split_date_differences(const Expression& expression);

}  // namespace linkwright
