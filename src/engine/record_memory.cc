#include "engine/record_memory.h"

#include <bit>

#include "engine/job_columns.h"

namespace linkwright {
namespace {

double as_double(uint64_t number) { return static_cast<double>(number); }

}  // namespace

RecordMemory::RecordMemory(const LinkageJob& job, const InputSurvey& inputs)
    : job_(&job), inputs_(&inputs), rows_(as_double(inputs.rows)) {}

Result<RecordMemory> RecordMemory::make(const LinkageJob& job, const InputSurvey& inputs) {
  RecordMemory memory(job, inputs);
  ARROW_ASSIGN_OR_RAISE(memory.encoded_, working_columns(job));
  for (const DeriveSpec& derived : job.derive) memory.encoded_.push_back(derived.column);
  return memory;
}

// As Arrow holds a column that was just read. Parquet's repeated text comes as codes; CSV is gathered as text, whose
// buffers double as they grow.
double RecordMemory::table_column(const ColumnSurvey& column, ContentFormat format, double rows_read) {
  const double rows = column.values > 0 ? rows_read : 0;
  if (format == ContentFormat::kCsv) return 1.4 * (8 * rows + as_double(column.bytes));
  if (!column.is_text) return 8 * rows;
  const double plain = 4 * rows + as_double(column.bytes);
  return format == ContentFormat::kParquet ? std::min(plain, 4 * rows + 4 * as_double(column.distinct_bytes)) : plain;
}

double RecordMemory::table(const TableSurvey& input) {
  double bytes = 0;
  for (const ColumnSurvey& column : input.columns) {
    bytes += table_column(column, input.format, as_double(input.rows));
  }
  return bytes;
}

// The file at hand is mapped, and what is being decoded is held twice.
double RecordMemory::beside(const TableSurvey& input) {
  switch (input.format) {
    case ContentFormat::kCsv:
      break;
    case ContentFormat::kJson:
      return as_double(input.largest_file) + 1.5 * table(input);
    case ContentFormat::kParquet:
      return as_double(input.largest_file) + 0.4 * table(input);
  }
  return 0;
}

// All tables stand side by side.
double RecordMemory::reading() const {
  double tables = 0;
  double most = 0;
  for (const TableSurvey& input : inputs_->inputs) {
    const double here = table(input);
    most = std::max(most, tables + here + beside(input));
    tables += here;
  }
  return most;
}

double RecordMemory::ids() const {
  const ColumnSurvey* column = inputs_->find(job_->model.unique_id_column_name);
  if (column == nullptr || !column->is_text) return 8 * rows_;
  return 4 * rows_ + as_double(column->bytes);
}

double RecordMemory::encoded(const ColumnSurvey& column) const {
  const double values = as_double(column.distinct_values);
  return 4 * rows_ + (column.is_text ? 4 * values + as_double(column.distinct_bytes) : 8 * values);
}

// While a column is encoded: its codes, its values with their places, and the hash table, old and new.
double RecordMemory::encoding(const ColumnSurvey& column) const {
  const auto slots = as_double(std::bit_ceil(2 * column.distinct_values + 1));
  return 4 * rows_ + as_double(column.distinct_bytes) + 8 * as_double(column.distinct_values) + 12 * slots;
}

double RecordMemory::preparing(int threads) const {
  double tables = 0;
  for (const TableSurvey& input : inputs_->inputs) tables += table(input);
  std::vector<double> columns;
  for (const ColumnSurvey& column : inputs_->columns) {
    if (is_encoded(column.name)) columns.push_back(encoding(column));
  }
  std::sort(columns.rbegin(), columns.rend());
  columns.resize(std::min(columns.size(), static_cast<size_t>(threads)));
  for (const double bytes : columns) tables += bytes;
  return tables + ids();
}

double RecordMemory::held() const {
  double bytes = ids() + 8 * rows_;  // and the order of rows, both ways
  if (job_->model.has_sources()) bytes += 2 * rows_;
  for (const ColumnSurvey& column : inputs_->columns) {
    if (is_encoded(column.name)) {
      bytes += encoded(column);
    } else if (column.name != job_->model.unique_id_column_name) {
      bytes += table_column(column, inputs_->inputs[0].format, rows_);
    }
  }
  return bytes;
}

}  // namespace linkwright
