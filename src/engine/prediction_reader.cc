#include "engine/prediction_reader.h"

#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <memory>
#include <utility>

#include "base/column_name.h"
#include "base/nearest_name.h"
#include "io/file_content.h"
#include "io/parquet_reader.h"
#include "io/table_reader.h"

namespace linkwright {
namespace {

constexpr int64_t kBatchRows = int64_t{1} << 16;

using Visit = std::function<Status(PredictionBatch& batch)>;

Status show(const arrow::RecordBatch& batch, const Visit& visit, int64_t* rows) {
  PredictionBatch shown{*rows, batch.num_rows(), {}};
  for (const auto& column : batch.columns()) {
    ARROW_ASSIGN_OR_RAISE(ArrayValues values, ArrayValues::make(column));
    shown.columns.push_back(std::move(values));
  }
  *rows += batch.num_rows();
  return visit(shown);
}

Status read_parquet_batches(const std::string& path, const std::vector<std::string>& columns, const RunContext& context,
                            const Visit& visit, int64_t* rows) {
  ARROW_ASSIGN_OR_RAISE(const auto schema, read_parquet_schema(path));
  const std::vector<std::string> names = schema->field_names();
  std::vector<std::string> meant;
  for (const std::string& column : columns) {
    const std::string* name = column_meant_by(column, names);
    if (name == nullptr) return Status::Invalid(path, " has no column '", column, "'", suggestion(column, names));
    meant.push_back(*name);
  }
  ARROW_ASSIGN_OR_RAISE(const auto batches, ParquetBatches::open(path, meant, kBatchRows));
  for (;;) {
    ARROW_RETURN_NOT_OK(context.check_cancelled());
    ARROW_ASSIGN_OR_RAISE(const auto batch, batches->next());
    if (batch == nullptr) return Status::OK();
    ARROW_RETURN_NOT_OK(show(*batch, visit, rows));
  }
}

Status read_text(const std::string& path, const std::vector<std::string>& columns, const RunContext& context,
                 const Visit& visit, int64_t* rows) {
  ReadOptions options;
  options.columns = columns;
  options.cancellation = context.cancellation;
  ARROW_ASSIGN_OR_RAISE(const auto table, read_tables({path}, options, context.pool, nullptr));
  arrow::TableBatchReader batches(*table);
  batches.set_chunksize(kBatchRows);
  for (;;) {
    ARROW_RETURN_NOT_OK(context.check_cancelled());
    std::shared_ptr<arrow::RecordBatch> batch;
    ARROW_RETURN_NOT_OK(batches.ReadNext(&batch));
    if (batch == nullptr) return Status::OK();
    ARROW_RETURN_NOT_OK(show(*batch, visit, rows));
  }
}

}  // namespace

Status read_predictions(const std::string& path, const std::vector<std::string>& columns, const RunContext& context,
                        const Visit& visit) {
  ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> files, expand_paths({path}));
  int64_t rows = 0;
  for (const std::string& file : files) {
    ARROW_ASSIGN_OR_RAISE(const ContentFormat format, content_format(file));
    const auto read = format == ContentFormat::kParquet ? read_parquet_batches : read_text;
    ARROW_RETURN_NOT_OK(read(file, columns, context, visit, &rows));
  }
  return Status::OK();
}

}  // namespace linkwright
