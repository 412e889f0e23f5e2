#pragma once

#include <arrow/array.h>
#include <arrow/scalar.h>
#include <arrow/type.h>

#include <cstdint>

#include "base/status.h"

namespace linkwright {

/// Invalid for a row of an array that `ArrayValues` gives as null although it is an integer, but one that 64 bits do
/// not hold.
inline Status check_integer_range(const arrow::Array& array, int64_t row) {
  const arrow::Type::type type = array.type_id();
  const bool may_be_wider =
      type == arrow::Type::UINT64 || type == arrow::Type::DECIMAL128 || type == arrow::Type::DECIMAL256;
  if (!may_be_wider || array.IsNull(row)) return Status::OK();
  ARROW_ASSIGN_OR_RAISE(const auto value, array.GetScalar(row));
  return Status::Invalid(value->ToString(), " is beyond ", INT64_MAX,
                         ", the largest integer here; write the column as text");
}

}  // namespace linkwright
