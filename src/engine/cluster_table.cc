#include "engine/cluster_table.h"

#include <arrow/array.h>
#include <arrow/array/concatenate.h>
#include <arrow/chunked_array.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>

#include "engine/record_columns.h"

namespace linkwright {
namespace {

constexpr size_t kBatchRows = size_t{1} << 18;

Result<std::shared_ptr<arrow::Array>> slice_of(const arrow::ChunkedArray& column, int64_t offset, int64_t length) {
  const std::shared_ptr<arrow::ChunkedArray> slice = column.Slice(offset, length);
  if (slice->num_chunks() == 1) return slice->chunk(0);
  if (slice->num_chunks() == 0) return arrow::MakeEmptyArray(column.type());
  return arrow::Concatenate(slice->chunks());
}

}  // namespace

Status write_clusters(const std::vector<ClusterColumn>& clusters, const RecordTable& records, const LinkageModel& model,
                      const std::string& path, FileFormat format) {
  const auto dictionary_text = arrow::dictionary(arrow::int32(), arrow::utf8());
  const auto id_type = records.ids()->type_id() == arrow::Type::INT64 ? arrow::int64() : arrow::utf8();
  arrow::FieldVector fields;
  for (const ClusterColumn& cluster : clusters) {
    fields.push_back(arrow::field(cluster.name, records.has_sources() ? arrow::utf8() : id_type));
  }
  const bool add_source = records.has_sources() && !records.has_column(model.source_dataset_column_name) &&
                          records.unencoded()->GetColumnByName(model.source_dataset_column_name) == nullptr;
  if (add_source) fields.push_back(arrow::field(model.source_dataset_column_name, dictionary_text));
  const std::vector<std::string> names = records.column_names();
  for (const std::string& name : names) {
    if (name == model.unique_id_column_name) {
      fields.push_back(arrow::field(name, id_type));
    } else if (records.has_column(name)) {
      ARROW_ASSIGN_OR_RAISE(const EncodedColumn* column, records.column(name));
      fields.push_back(arrow::field(name, gathered_type(*column)));
    } else {
      fields.push_back(records.unencoded()->schema()->GetFieldByName(name));
    }
  }
  const auto schema = arrow::schema(std::move(fields));
  ARROW_ASSIGN_OR_RAISE(const std::unique_ptr<TableWriter> writer, TableWriter::open(path, format, schema));
  std::vector<uint32_t> rows;
  std::vector<uint32_t> representatives;
  for (size_t begin = 0; begin < records.num_rows(); begin += kBatchRows) {
    const size_t size = std::min(kBatchRows, records.num_rows() - begin);
    rows.resize(size);
    std::iota(rows.begin(), rows.end(), static_cast<uint32_t>(begin));
    if (!records.row_of_input().empty()) {
      const auto input = records.row_of_input().subspan(begin, size);
      rows.assign(input.begin(), input.end());
    }
    arrow::ArrayVector arrays;
    for (const ClusterColumn& cluster : clusters) {
      representatives.resize(size);
      for (size_t k = 0; k < size; ++k) representatives[k] = cluster.representative_of_row[rows[k]];
      ARROW_ASSIGN_OR_RAISE(arrays.emplace_back(), records.has_sources()
                                                       ? gather_composite_ids(records, representatives)
                                                       : gather_ids(records, representatives));
    }
    if (add_source) {
      ARROW_ASSIGN_OR_RAISE(arrays.emplace_back(), gather_sources(records, rows));
    }
    for (const std::string& name : names) {
      if (name == model.unique_id_column_name) {
        ARROW_ASSIGN_OR_RAISE(arrays.emplace_back(), gather_ids(records, rows));
      } else if (records.has_column(name)) {
        ARROW_ASSIGN_OR_RAISE(const EncodedColumn* column, records.column(name));
        ARROW_ASSIGN_OR_RAISE(arrays.emplace_back(), gather_values(*column, rows));
      } else {
        ARROW_ASSIGN_OR_RAISE(arrays.emplace_back(), slice_of(*records.unencoded()->GetColumnByName(name),
                                                              static_cast<int64_t>(begin), static_cast<int64_t>(size)));
      }
    }
    const auto batch = arrow::RecordBatch::Make(schema, static_cast<int64_t>(size), std::move(arrays));
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
