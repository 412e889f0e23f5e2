#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "base/status.h"
#include "column/record_table.h"

namespace arrow {
class Array;
class DataType;
}  // namespace arrow

namespace linkwright {

/// Values of an encoded column at `rows`. Text comes dictionary-encoded over the values that occur, in order of first
/// appearance; other types come plain.
Result<std::shared_ptr<arrow::Array>> gather_values(const EncodedColumn& column, std::span<const uint32_t> rows);
std::shared_ptr<arrow::DataType> gathered_type(const EncodedColumn& column);

/// The ids of `rows`, in the ids' own type.
Result<std::shared_ptr<arrow::Array>> gather_ids(const RecordTable& records, std::span<const uint32_t> rows);

/// The dataset names of `rows`, dictionary-encoded.
Result<std::shared_ptr<arrow::Array>> gather_sources(const RecordTable& records, std::span<const uint32_t> rows);

/// `<source_dataset>-__-<unique_id>` of `rows`, as Splink names nodes where there are several datasets.
Result<std::shared_ptr<arrow::Array>> gather_composite_ids(const RecordTable& records, std::span<const uint32_t> rows);

}  // namespace linkwright
