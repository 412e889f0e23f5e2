#pragma once

#include <memory>

#include "base/status.h"
#include "model/linkage_job.h"

namespace arrow {
class Table;
}

namespace linkwright {

/// An input's table as it was read, with the columns that its "types" name in these types, as by CAST. Errors name the
/// column, and the record whose value is no such value.
Result<std::shared_ptr<arrow::Table>> with_types(std::shared_ptr<arrow::Table> table, const InputSpec& input);

}  // namespace linkwright
