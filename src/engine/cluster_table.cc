#include "engine/cluster_table.h"

#include <arrow/array.h>
#include <arrow/array/concatenate.h>
#include <arrow/chunked_array.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <numeric>
#include <string>
#include <utility>

#include "engine/record_columns.h"
#include "expr/arrow_values.h"

namespace linkwright {
namespace {

constexpr size_t kBatchRows = size_t{1} << 17;

using ArrayPtr = std::shared_ptr<arrow::Array>;

// Some records of the input, in its order: those from `begin`, and the rows they have.
struct InputRecords {
  size_t begin;
  std::vector<uint32_t> rows;
};

struct OutputColumn {
  std::shared_ptr<arrow::Field> field;
  std::function<Result<ArrayPtr>(const InputRecords&)> values;
};

// Inputs may hold one column in several ways: text and text as codes, integers of two widths, nothing but nulls. Such a
// column is written as plain values of its SQL type; any other stays as it is.
struct PassedColumn {
  std::shared_ptr<arrow::ChunkedArray> chunks;
  std::shared_ptr<arrow::DataType> type;
  ValueType value_type;  // of a column with several types
};

Result<PassedColumn> passed_column(std::shared_ptr<arrow::ChunkedArray> chunks) {
  PassedColumn column{std::move(chunks), nullptr, {}};
  column.type = column.chunks->type();
  const auto has_type = [&](const ArrayPtr& chunk) { return chunk->type()->Equals(*column.type); };
  if (std::all_of(column.chunks->chunks().begin(), column.chunks->chunks().end(), has_type)) return column;
  for (const ArrayPtr& chunk : column.chunks->chunks()) {
    ARROW_ASSIGN_OR_RAISE(const ValueType here, value_type(*chunk->type()));
    if (here.kind != ValueKind::kNull) column.value_type = here;
  }
  ARROW_ASSIGN_OR_RAISE(column.type, arrow_type(column.value_type));
  return column;
}

Result<ArrayPtr> slice_of(const PassedColumn& column, int64_t offset, int64_t length) {
  arrow::ArrayVector slices = column.chunks->Slice(offset, length)->chunks();
  for (ArrayPtr& slice : slices) {
    if (slice->type()->Equals(*column.type)) continue;
    ARROW_ASSIGN_OR_RAISE(ArrayValues values, ArrayValues::make(slice));
    ARROW_ASSIGN_OR_RAISE(ValueArrayBuilder builder, ValueArrayBuilder::make(column.value_type));
    for (int64_t row = 0; row < values.length(); ++row) ARROW_RETURN_NOT_OK(builder.append(values.at(row)));
    ARROW_ASSIGN_OR_RAISE(slice, builder.finish());
  }
  if (slices.empty()) return arrow::MakeEmptyArray(column.type);
  return slices.size() == 1 ? slices[0] : arrow::Concatenate(slices);
}

OutputColumn cluster_column(const ClusterColumn& cluster, const RecordTable& records) {
  const auto type = records.has_sources() ? arrow::utf8() : gathered_id_type(records);
  return {arrow::field(cluster.name, type), [&](const InputRecords& input) {
            std::vector<uint32_t> representatives(input.rows.size());
            for (size_t k = 0; k < representatives.size(); ++k) {
              representatives[k] = cluster.representative_of_row[input.rows[k]];
            }
            return records.has_sources() ? gather_composite_ids(records, representatives)
                                         : gather_ids(records, representatives);
          }};
}

Result<OutputColumn> input_column(const std::string& name, const RecordTable& records, const LinkageModel& model) {
  if (name == model.unique_id_column_name) {
    return OutputColumn{arrow::field(name, gathered_id_type(records)),
                        [&](const InputRecords& input) { return gather_ids(records, input.rows); }};
  }
  if (!records.has_column(name)) {
    ARROW_ASSIGN_OR_RAISE(PassedColumn passed, passed_column(records.unencoded()->GetColumnByName(name)));
    const auto field = arrow::field(name, passed.type);
    return OutputColumn{field, [passed = std::move(passed)](const InputRecords& input) {
                          return slice_of(passed, static_cast<int64_t>(input.begin),
                                          static_cast<int64_t>(input.rows.size()));
                        }};
  }
  ARROW_ASSIGN_OR_RAISE(const EncodedColumn* column, records.column(name));
  if (repeats(*column)) {
    return OutputColumn{arrow::field(name, coded_type(*column->values)),
                        [column](const InputRecords& input) -> Result<ArrayPtr> {
                          ARROW_ASSIGN_OR_RAISE(const RowCodes codes, gather_codes(*column, input.rows));
                          return coded_array(codes, column->values);
                        }};
  }
  return OutputColumn{arrow::field(name, gathered_type(*column)),
                      [column](const InputRecords& input) { return gather_values(*column, input.rows); }};
}

// An input column with the name of one that is there already has it with a number behind, as DuckDB would number it.
std::string free_name(const std::string& name, const std::vector<OutputColumn>& columns) {
  const auto is_taken = [&](const std::string& tried) {
    return std::any_of(columns.begin(), columns.end(),
                       [&](const OutputColumn& column) { return column.field->name() == tried; });
  };
  std::string tried = name;
  for (int number = 1; is_taken(tried); ++number) tried = name + "_" + std::to_string(number);
  return tried;
}

Result<std::vector<OutputColumn>> output_columns(const std::vector<ClusterColumn>& clusters, const RecordTable& records,
                                                 const LinkageModel& model) {
  std::vector<OutputColumn> columns;
  for (const ClusterColumn& cluster : clusters) columns.push_back(cluster_column(cluster, records));
  if (records.has_sources() && !records.has_column(model.source_dataset_column_name) &&
      records.unencoded()->GetColumnByName(model.source_dataset_column_name) == nullptr) {
    ARROW_ASSIGN_OR_RAISE(const ArrayPtr names, source_dictionary(records));
    columns.push_back({arrow::field(model.source_dataset_column_name, coded_type(*names)),
                       [&records, names](const InputRecords& input) -> Result<ArrayPtr> {
                         ARROW_ASSIGN_OR_RAISE(const RowCodes codes, gather_sources(records, input.rows));
                         return coded_array(codes, names);
                       }});
  }
  for (const std::string& name : records.column_names()) {
    ARROW_ASSIGN_OR_RAISE(OutputColumn column, input_column(name, records, model));
    column.field = column.field->WithName(free_name(name, columns));
    columns.push_back(std::move(column));
  }
  return columns;
}

InputRecords input_records(const RecordTable& records, size_t begin) {
  const size_t size = std::min(kBatchRows, records.num_rows() - begin);
  InputRecords input{begin, std::vector<uint32_t>(size)};
  if (records.row_of_input().empty()) {
    std::iota(input.rows.begin(), input.rows.end(), static_cast<uint32_t>(begin));
  } else {
    const auto rows = records.row_of_input().subspan(begin, size);
    input.rows.assign(rows.begin(), rows.end());
  }
  return input;
}

}  // namespace

Status write_clusters(const std::vector<ClusterColumn>& clusters, const RecordTable& records, const LinkageModel& model,
                      const std::string& path, FileFormat format, ThreadPool& pool, FilePublisher& publisher,
                      const ClusterFileOptions& options) {
  ARROW_ASSIGN_OR_RAISE(const std::vector<OutputColumn> columns, output_columns(clusters, records, model));
  arrow::FieldVector fields;
  for (const OutputColumn& column : columns) fields.push_back(column.field);
  const auto schema = arrow::schema(std::move(fields));
  ARROW_ASSIGN_OR_RAISE(const std::unique_ptr<TableWriter> writer,
                        TableWriter::open(path, format, schema,
                                          {.threads = pool.threads(), .text_repeats = false, .publisher = &publisher}));
  const size_t end = std::min(options.most_records, records.num_rows());
  for (size_t begin = 0; begin < end; begin += kBatchRows) {
    if (options.cancellation != nullptr) ARROW_RETURN_NOT_OK(options.cancellation->check());
    const InputRecords input = input_records(records, begin);
    arrow::ArrayVector arrays(columns.size());
    ARROW_RETURN_NOT_OK(
        pool.for_each_chunk(columns.size(), [&](size_t c, int) { return columns[c].values(input).Value(&arrays[c]); }));
    const auto batch = arrow::RecordBatch::Make(schema, static_cast<int64_t>(input.rows.size()), std::move(arrays));
    ARROW_RETURN_NOT_OK(writer->write(*batch));
  }
  return writer->finish();
}

uint64_t count_clusters(const ClusterColumn& clusters) {
  uint64_t count = 0;
  for (uint32_t row = 0; row < clusters.representative_of_row.size(); ++row) {
    count += static_cast<uint64_t>(clusters.representative_of_row[row] == row);
  }
  return count;
}

}  // namespace linkwright
