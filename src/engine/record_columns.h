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

/// Values of an encoded column at `rows`, one by one. Errors: text of more than 2 GiB in all.
Result<std::shared_ptr<arrow::Array>> gather_values(const EncodedColumn& column, std::span<const uint32_t> rows);
std::shared_ptr<arrow::DataType> gathered_type(const EncodedColumn& column);

/// A text column at `rows` as its codes, over one dictionary of all the column's values, which every call shares.
/// Worth it for columns where `has_repeating_text`: a value is in four rows on average.
Result<std::shared_ptr<arrow::Array>> gather_codes(const EncodedColumn& column, std::span<const uint32_t> rows);
std::shared_ptr<arrow::DataType> coded_text_type();
bool has_repeating_text(const EncodedColumn& column);

/// The ids of `rows`, as integers or text.
Result<std::shared_ptr<arrow::Array>> gather_ids(const RecordTable& records, std::span<const uint32_t> rows);
std::shared_ptr<arrow::DataType> gathered_id_type(const RecordTable& records);

/// The dataset names of `rows`, as codes.
Result<std::shared_ptr<arrow::Array>> gather_sources(const RecordTable& records, std::span<const uint32_t> rows);

/// `<source_dataset>-__-<unique_id>` of `rows`, as Splink names nodes where there are several datasets.
Result<std::shared_ptr<arrow::Array>> gather_composite_ids(const RecordTable& records, std::span<const uint32_t> rows);

}  // namespace linkwright
