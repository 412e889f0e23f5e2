#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/status.h"

namespace arrow {
class Array;
class RecordBatch;
}  // namespace arrow

namespace linkwright {

/// Columns of a batch at some of its rows, in their order and of the types of its schema; the columns themselves where
/// that is all rows as they are.
Result<std::vector<std::shared_ptr<arrow::Array>>> columns_at(const arrow::RecordBatch& rows,
                                                              const std::vector<int>& columns,
                                                              const std::vector<uint32_t>& places);

}  // namespace linkwright
