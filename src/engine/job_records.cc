#include "engine/job_records.h"

#include <arrow/array/builder_primitive.h>
#include <arrow/chunked_array.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <utility>

#include "engine/input_types.h"
#include "engine/job_columns.h"
#include "io/rejects.h"
#include "io/table_reader.h"

namespace linkwright {
namespace {

// Told before training, which may take long.
Status check_retained(const LinkageModel& model, const RecordTable& records) {
  for (const std::string& name : model.additional_columns_to_retain) {
    const bool is_own =
        name == model.unique_id_column_name || (model.has_sources() && name == model.source_dataset_column_name);
    if (!is_own) ARROW_RETURN_NOT_OK(records.column(name).status());
  }
  return Status::OK();
}

}  // namespace

Result<std::shared_ptr<arrow::Table>> with_row_numbers(std::shared_ptr<arrow::Table> table, const std::string& id) {
  if (id != "row_number" || table->GetColumnByName(id) != nullptr) return table;
  arrow::Int64Builder numbers;
  ARROW_RETURN_NOT_OK(numbers.Reserve(table->num_rows()));
  for (int64_t row = 1; row <= table->num_rows(); ++row) numbers.UnsafeAppend(row);
  ARROW_ASSIGN_OR_RAISE(const std::shared_ptr<arrow::Array> column, numbers.Finish());
  return table->AddColumn(0, arrow::field(id, arrow::int64()), std::make_shared<arrow::ChunkedArray>(column));
}

ReadOptions read_options(const InputSpec& input, const Cancellation* cancellation) {
  ReadOptions options;
  options.cancellation = cancellation;
  for (const auto& [column, type] : input.types) {
    if (type == "text") options.text_columns.push_back(column);
  }
  return options;
}

Status check_is_file(const InputSpec& input) {
  if (input.table.empty() && input.format != "delta") return Status::OK();
  return Status::NotImplemented(
      "input '", input.name, "' is a ", input.table.empty() ? "Delta folder" : "table",
      ", which only Spark reads: use run, train or predict with --engine spark, or give a file");
}

Status check_datasets(const LinkageModel& model, const std::vector<std::string>& names) {
  if (!model.links_only() || names.size() >= 2) return Status::OK();
  return Status::Invalid("link_only links the records of two or more datasets, and all of these are of one",
                         names.empty() ? "" : " ('" + names[0] + "')",
                         "; give the other dataset as a second input, or have a column '",
                         model.source_dataset_column_name,
                         "' that names each record's dataset; link_type dedupe_only is for records of one dataset");
}

Result<RecordTable> read_records(const LinkageJob& job, const RunOptions& options, RunContext& context,
                                 RunReport* report, FilePublisher* publisher) {
  StageTimer reading(context, "read", "rows");
  std::vector<SourceTable> sources;
  Rejects rejects(options.rejects_path, publisher);
  for (const InputSpec& input : job.inputs) {
    ARROW_RETURN_NOT_OK(check_is_file(input));
    ReadOptions input_options = read_options(input, context.cancellation);
    if (!options.rejects_path.empty()) input_options.rejects = &rejects;
    ReadReport read;
    ARROW_ASSIGN_OR_RAISE(auto table, read_tables(input.paths, input_options, context.pool, &read));
    report->inputs.push_back({input.name, read.rows, read.rejected_lines});
    report->records += static_cast<uint64_t>(table->num_rows());
    ARROW_ASSIGN_OR_RAISE(table, with_types(std::move(table), input));
    ARROW_ASSIGN_OR_RAISE(table, with_row_numbers(std::move(table), job.model.unique_id_column_name));
    sources.push_back({input.name, std::move(table)});
  }
  ARROW_RETURN_NOT_OK(rejects.finish());
  reading.finish(report->records);

  StageTimer preparing(context, "prepare", "rows");
  ARROW_ASSIGN_OR_RAISE(RecordTableOptions table_options, record_table_options(job));
  table_options.cancellation = context.cancellation;
  ARROW_ASSIGN_OR_RAISE(RecordTable records, RecordTable::make(std::move(sources), table_options, context.pool));
  preparing.finish(records.num_rows());
  ARROW_RETURN_NOT_OK(check_datasets(job.model, records.source_names()));
  ARROW_RETURN_NOT_OK(check_retained(job.model, records));
  return records;
}

}  // namespace linkwright
