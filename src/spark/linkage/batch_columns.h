#pragma once

#include <arrow/array.h>
#include <arrow/record_batch.h>

namespace linkwright::spark {

/// A column of a query of ours, whose columns and types are known.
template <class ArrayType>
const ArrayType& column_of(const arrow::RecordBatch& batch, const char* name) {
  return static_cast<const ArrayType&>(*batch.GetColumnByName(name));
}

}  // namespace linkwright::spark
