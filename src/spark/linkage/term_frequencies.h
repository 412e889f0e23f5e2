#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "model/linkage_model.h"
#include "spark/linkage/native_kernel.h"

namespace linkwright::spark {

/// The columns whose term frequencies a model's levels adjust by, each once.
std::vector<std::string> term_frequency_columns(const LinkageModel& model);

/// The name of the column of a column's term frequencies, as the kernel knows it.
std::string frequency_column(const std::string& column);

/// The rows with a column lw_tf_<column> for each of these: the share of the row's value among all rows that have one,
/// null for null. Lazy.
Result<Rows> with_term_frequencies(const Rows& rows, const std::vector<std::string>& columns);

}  // namespace linkwright::spark
