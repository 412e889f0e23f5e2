#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "spark/linkage/native_kernel.h"

namespace linkwright::spark {

/// Rows with some columns in the types that the embedded engine has for their values: integers of all widths BIGINT,
/// numbers with fractions DOUBLE, moments without zone. The other columns, and those of types that expressions do not
/// know, are as they are; but a column of nothing is text. `columns` are found whatever the case of their names.
Result<Rows> in_engine_types(const Rows& rows, const std::vector<std::string>& columns);

}  // namespace linkwright::spark
