#pragma once

#include <arrow/builder.h>
#include <arrow/type_fwd.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"

namespace linkwright {

/// The columns lw_count and lw_rows behind others: a stream's last batch counts what it has seen, in rows that have a
/// name and a number there and nothing else, and all other rows have neither.
std::shared_ptr<arrow::Schema> with_count_columns(std::vector<std::shared_ptr<arrow::Field>> fields);

/// A batch of such a schema that counts nothing, of all columns but the last two.
Result<std::shared_ptr<arrow::RecordBatch>> without_counts(const std::shared_ptr<arrow::Schema>& schema,
                                                           std::vector<std::shared_ptr<arrow::Array>> columns);

/// Gathers the rows of the batch that counts.
class CountRows {
 public:
  Status add(const std::string& name, int64_t number);
  Result<std::shared_ptr<arrow::RecordBatch>> finish(const std::shared_ptr<arrow::Schema>& schema);

 private:
  arrow::StringBuilder names_;
  arrow::Int64Builder numbers_;
};

}  // namespace linkwright
