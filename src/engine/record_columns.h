#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "base/status.h"
#include "column/record_table.h"

namespace arrow {
class Array;
class Buffer;
class DataType;
}  // namespace arrow

namespace linkwright {

/// Values of an encoded column at `rows`, one by one. Errors: text of more than 2 GiB in all.
Result<std::shared_ptr<arrow::Array>> gather_values(const EncodedColumn& column, std::span<const uint32_t> rows);
std::shared_ptr<arrow::DataType> gathered_type(const EncodedColumn& column);

/// Which value of a dictionary each of some rows has, as the indices of an Arrow dictionary array.
struct RowCodes {
  int64_t size = 0;
  std::shared_ptr<arrow::Buffer> indices;   // int32; -1: null
  std::shared_ptr<arrow::Buffer> validity;  // none when no row is null
  int64_t nulls = 0;

  std::span<const int32_t> view() const;

  static Result<RowCodes> make(std::shared_ptr<arrow::Buffer> indices);
};

/// Room for as many indices, to be written by the caller.
Result<std::shared_ptr<arrow::Buffer>> int32_buffer(size_t size);

/// The column's values at `rows` as codes: indices into `column.values`.
Result<RowCodes> gather_codes(const EncodedColumn& column, std::span<const uint32_t> rows);

/// Rows as codes over a dictionary, which all that are made of it share; and their type.
std::shared_ptr<arrow::Array> coded_array(const RowCodes& codes, const std::shared_ptr<arrow::Array>& dictionary);
std::shared_ptr<arrow::DataType> coded_type(const arrow::Array& dictionary);

/// The values that codes stand for, one by one: texts, or values of 4 or 8 bytes. Errors: text of more than 2 GiB in
/// all; values of another type.
Result<std::shared_ptr<arrow::Array>> gather_entries(const std::shared_ptr<arrow::Array>& dictionary,
                                                     const RowCodes& codes);
std::shared_ptr<arrow::DataType> entry_type(const arrow::Array& dictionary);

/// Whether a column can be written as codes: all but lists and booleans.
bool has_codes(const EncodedColumn& column);

/// Whether it should be where rows come in no order: a value is in four rows on average.
bool repeats(const EncodedColumn& column);

/// The ids of `rows`, as integers or text.
Result<std::shared_ptr<arrow::Array>> gather_ids(const RecordTable& records, std::span<const uint32_t> rows);
std::shared_ptr<arrow::DataType> gathered_id_type(const RecordTable& records);

/// Rows as codes into what there is one of for each, such as `records.ids()`.
Result<RowCodes> rows_as_codes(std::span<const uint32_t> rows);

/// The dataset names, to be the dictionary of `gather_sources`.
Result<std::shared_ptr<arrow::Array>> source_dictionary(const RecordTable& records);
Result<RowCodes> gather_sources(const RecordTable& records, std::span<const uint32_t> rows);

/// `<source_dataset>-__-<unique_id>` of `rows`, as Splink names nodes where there are several datasets.
Result<std::shared_ptr<arrow::Array>> gather_composite_ids(const RecordTable& records, std::span<const uint32_t> rows);

}  // namespace linkwright
