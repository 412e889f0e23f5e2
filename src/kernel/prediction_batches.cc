#include "kernel/prediction_batches.h"

#include <arrow/array.h>
#include <arrow/array/util.h>
#include <arrow/builder.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <utility>

namespace linkwright {

PredictionBatches::PredictionBatches(const PredictionTable& table, const BackgroundBatches::Put& put)
    : table_(table),
      put_(put),
      schema_(schema(table)),
      batches_(table, kBatchPairs,
               [this](const std::shared_ptr<arrow::RecordBatch>& predictions) { return this->put(*predictions); }) {}

std::shared_ptr<arrow::Schema> PredictionBatches::schema(const PredictionTable& table) {
  arrow::FieldVector fields = table.schema()->fields();
  fields.push_back(arrow::field("lw_rule", arrow::int32()));
  fields.push_back(arrow::field("lw_compared", arrow::int64()));
  return arrow::schema(std::move(fields));
}

Status PredictionBatches::put(const arrow::RecordBatch& predictions) {
  arrow::ArrayVector columns = predictions.columns();
  ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), arrow::MakeArrayOfNull(arrow::int32(), predictions.num_rows()));
  ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), arrow::MakeArrayOfNull(arrow::int64(), predictions.num_rows()));
  return put_(arrow::RecordBatch::Make(schema_, predictions.num_rows(), std::move(columns)));
}

Status PredictionBatches::finish(std::span<const uint64_t> compared_by_rule) {
  ARROW_RETURN_NOT_OK(batches_.finish());
  arrow::Int32Builder rules;
  arrow::Int64Builder compared;
  for (size_t rule = 0; rule < compared_by_rule.size(); ++rule) {
    if (compared_by_rule[rule] == 0) continue;
    ARROW_RETURN_NOT_OK(rules.Append(static_cast<int32_t>(rule)));
    ARROW_RETURN_NOT_OK(compared.Append(static_cast<int64_t>(compared_by_rule[rule])));
  }
  const int64_t rows = rules.length();
  if (rows == 0) return Status::OK();
  arrow::ArrayVector columns;
  for (const auto& field : table_.schema()->fields()) {
    ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), arrow::MakeArrayOfNull(field->type(), rows));
  }
  ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), rules.Finish());
  ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), compared.Finish());
  return put_(arrow::RecordBatch::Make(schema_, rows, std::move(columns)));
}

}  // namespace linkwright
