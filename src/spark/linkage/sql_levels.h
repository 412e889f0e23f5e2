#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "model/linkage_model.h"
#include "spark/linkage/sql_columns.h"
#include "spark/linkage/sql_refusals.h"

namespace linkwright::spark {

/// What pairs are told apart by, as expressions over columns x_l and x_r of pairs.

/// A CASE of a comparison's conditions in their order: `value` of the first level that holds, and `none` where no level
/// does. `columns_read` gets the columns (x) that the conditions read. Refusals are noted with comparison and level.
Result<std::string> sql_level(const Comparison& comparison, const std::function<std::string(size_t level)>& value,
                              std::string_view none, const SqlColumns& columns, std::vector<std::string>* columns_read,
                              SqlRefusals* refusals);

/// The term frequency adjustment of the level whose `value` the expression `level` has, over the columns of frequencies
/// (frequency_column); NULL for levels without one, and where neither record has a frequency. "" where no level has
/// one. Errors: those of term_frequency_adjustment.
Result<std::string> sql_adjustment(const Comparison& comparison, const std::string& level,
                                   const std::function<std::string(size_t level)>& value);

}  // namespace linkwright::spark
