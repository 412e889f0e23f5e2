#include "token_kernel/count_rows.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <utility>

namespace linkwright {

std::shared_ptr<arrow::Schema> with_count_columns(std::vector<std::shared_ptr<arrow::Field>> fields) {
  fields.push_back(arrow::field("lw_count", arrow::utf8()));
  fields.push_back(arrow::field("lw_rows", arrow::int64()));
  return arrow::schema(std::move(fields));
}

Result<std::shared_ptr<arrow::RecordBatch>> without_counts(const std::shared_ptr<arrow::Schema>& schema,
                                                           std::vector<std::shared_ptr<arrow::Array>> columns) {
  const int64_t rows = columns.front()->length();
  for (auto i = static_cast<int>(columns.size()); i < schema->num_fields(); ++i) {
    ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), arrow::MakeArrayOfNull(schema->field(i)->type(), rows));
  }
  return arrow::RecordBatch::Make(schema, rows, std::move(columns));
}

Status CountRows::add(const std::string& name, int64_t number) {
  ARROW_RETURN_NOT_OK(names_.Append(name));
  return numbers_.Append(number);
}

Result<std::shared_ptr<arrow::RecordBatch>> CountRows::finish(const std::shared_ptr<arrow::Schema>& schema) {
  const int64_t rows = names_.length();
  std::vector<std::shared_ptr<arrow::Array>> columns;
  for (int i = 0; i + 2 < schema->num_fields(); ++i) {
    ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), arrow::MakeArrayOfNull(schema->field(i)->type(), rows));
  }
  ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), names_.Finish());
  ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), numbers_.Finish());
  return arrow::RecordBatch::Make(schema, rows, std::move(columns));
}

}  // namespace linkwright
