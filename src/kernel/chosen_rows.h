#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/status.h"

namespace arrow {
class Array;
class RecordBatch;
}  // namespace arrow

namespace linkwright {

/// The values at some places, in their order.
Result<std::shared_ptr<arrow::Array>> values_at(const std::shared_ptr<arrow::Array>& values,
                                                std::span<const uint32_t> places);

/// Columns of a batch at some of its rows, in their order and of the types of its schema; the columns themselves where
/// that is all rows as they are.
Result<std::vector<std::shared_ptr<arrow::Array>>> columns_at(const arrow::RecordBatch& rows,
                                                              const std::vector<int>& columns,
                                                              const std::vector<uint32_t>& places);

}  // namespace linkwright
