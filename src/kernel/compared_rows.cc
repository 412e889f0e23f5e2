#include "kernel/compared_rows.h"

#include <arrow/array.h>
#include <arrow/array/util.h>
#include <arrow/builder.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <utility>

namespace linkwright {

ComparedRows::ComparedRows(std::shared_ptr<arrow::Schema> results) : results_(std::move(results)) {
  arrow::FieldVector fields = results_->fields();
  fields.push_back(arrow::field("lw_rule", arrow::int32()));
  fields.push_back(arrow::field("lw_compared", arrow::int64()));
  schema_ = arrow::schema(std::move(fields));
}

Result<std::shared_ptr<arrow::RecordBatch>> ComparedRows::of_results(const arrow::RecordBatch& results) const {
  arrow::ArrayVector columns = results.columns();
  ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), arrow::MakeArrayOfNull(arrow::int32(), results.num_rows()));
  ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), arrow::MakeArrayOfNull(arrow::int64(), results.num_rows()));
  return arrow::RecordBatch::Make(schema_, results.num_rows(), std::move(columns));
}

Result<std::shared_ptr<arrow::RecordBatch>> ComparedRows::of_counts(std::span<const uint64_t> compared_by_rule) const {
  arrow::Int32Builder rules;
  arrow::Int64Builder compared;
  for (size_t rule = 0; rule < compared_by_rule.size(); ++rule) {
    if (compared_by_rule[rule] == 0) continue;
    ARROW_RETURN_NOT_OK(rules.Append(static_cast<int32_t>(rule)));
    ARROW_RETURN_NOT_OK(compared.Append(static_cast<int64_t>(compared_by_rule[rule])));
  }
  const int64_t rows = rules.length();
  arrow::ArrayVector columns;
  for (const auto& field : results_->fields()) {
    ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), arrow::MakeArrayOfNull(field->type(), rows));
  }
  ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), rules.Finish());
  ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), compared.Finish());
  return arrow::RecordBatch::Make(schema_, rows, std::move(columns));
}

}  // namespace linkwright
