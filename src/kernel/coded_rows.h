#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "column/record_table.h"

namespace arrow {
class Array;
class RecordBatch;
class Schema;
class Table;
}  // namespace arrow

namespace linkwright {

/// Records as they are packed: texts that repeat are dictionaries, so that nobody looks at them twice.
class CodedRows {
 public:
  /// The columns of text of a schema, which `records` must have encoded.
  static std::vector<std::string> text_columns(const arrow::Schema& schema);

  /// `rows` have the columns of `schema`, in any order; `records` are made of them without order.
  static Result<CodedRows> make(const std::shared_ptr<arrow::Schema>& schema, const arrow::Table& rows,
                                const RecordTable& records);

  /// The records at some places, ascending, as a batch whose text may be dictionaries.
  Result<std::shared_ptr<arrow::RecordBatch>> at(std::span<const uint32_t> places) const;
  Result<std::shared_ptr<arrow::RecordBatch>> all() const;

 private:
  struct Column {
    const EncodedColumn* encoded = nullptr;
    std::shared_ptr<arrow::Array> plain;
  };
  std::shared_ptr<arrow::Schema> schema_;
  std::vector<Column> columns_;
  size_t num_rows_ = 0;
};

}  // namespace linkwright
