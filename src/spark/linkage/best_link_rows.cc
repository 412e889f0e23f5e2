#include "spark/linkage/best_link_rows.h"

#include <arrow/array.h>
#include <arrow/chunked_array.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "engine/cluster_table.h"
#include "engine/edge_clusters.h"
#include "engine/record_columns.h"
#include "engine/rows_by_id.h"
#include "expr/arrow_values.h"
#include "spark/linkage/column_types.h"
#include "spark/linkage/query_progress.h"
#include "spark/linkage/sql_columns.h"

namespace linkwright::spark {
namespace {

using ArrayPtr = std::shared_ptr<arrow::Array>;

// The ids of all records, and their datasets, numbered as the embedded engine numbers them.
Result<RecordTable> collect_ids(const JobRows& rows, RunContext& context) {
  const LinkageModel& model = rows.job.model;
  std::vector<Column> columns = {named(model.unique_id_column_name)};
  if (model.has_sources()) columns.push_back(named(model.source_dataset_column_name));
  ARROW_ASSIGN_OR_RAISE(auto table, rows.working.frame.select(columns).to_arrow(query_options(context)));
  RecordTableOptions options;
  options.unique_id_column = model.unique_id_column_name;
  options.source_dataset_column = model.source_dataset_column_name;
  options.has_sources = model.has_sources();
  options.cancellation = context.cancellation;
  return RecordTable::make({{"records", std::move(table)}}, options, context.pool);
}

std::string text_of(ArrayValues& values, int64_t row) {
  const linkwright::Value value = values.at(row);
  return value.kind == ValueKind::kInteger ? std::to_string(value.integer) : std::string(value.text());
}

// Links as they arrive, batch by batch.
Status add_links(const JobRows& rows, const DataFrame& predictions, const RecordTable& records, RunContext& context,
                 EdgeClusters* clusters) {
  const LinkageModel& model = rows.job.model;
  double lowest = std::numeric_limits<double>::infinity();
  for (const Threshold& threshold : rows.job.cluster->thresholds) {
    lowest = std::min(lowest, lowest_weight(threshold));
  }
  std::vector<Column> columns = {named("match_weight")};
  for (const char* side : {"_l", "_r"}) {
    columns.push_back(named(model.unique_id_column_name + side));
    if (model.has_sources()) columns.push_back(named(model.source_dataset_column_name + side));
  }
  const DataFrame links = predictions.filter(expr("match_weight >= " + sql_number(lowest))).select(columns);
  ARROW_ASSIGN_OR_RAISE(const auto batches, links.to_batches(query_options(context)));
  ARROW_ASSIGN_OR_RAISE(RowsById rows_by_id, RowsById::make(records));
  const size_t width = model.has_sources() ? 2 : 1;
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(const auto batch, batches->Next());
    if (batch == nullptr) return Status::OK();
    std::vector<ArrayValues> values;
    for (const ArrayPtr& column : batch->columns()) {
      ARROW_ASSIGN_OR_RAISE(auto column_values, ArrayValues::make(column));
      values.push_back(std::move(column_values));
    }
    std::vector<ScoredPair> pairs;
    for (int64_t row = 0; row < batch->num_rows(); ++row) {
      const linkwright::Value weight = values[0].at(row);
      ScoredPair pair{};
      pair.match_weight = weight.is_null() ? std::numeric_limits<double>::quiet_NaN() : weight.number;
      const auto side = [&](size_t first) -> Result<uint32_t> {
        const std::string source = width == 2 ? text_of(values[first + 1], row) : "";
        if (const auto found = rows_by_id.find(source, values[first].at(row))) return *found;
        return Status::Invalid("the predictions name a record '", text_of(values[first], row),
                               "' that is not among the inputs");
      };
      ARROW_ASSIGN_OR_RAISE(pair.pair.left, side(1));
      ARROW_ASSIGN_OR_RAISE(pair.pair.right, side(1 + width));
      pairs.push_back(pair);
    }
    ARROW_RETURN_NOT_OK(clusters->add(pairs));
  }
}

// Every record's id with its clusters.
Result<std::shared_ptr<arrow::Table>> membership(const std::vector<ClusterColumn>& clusters,
                                                 const RecordTable& records) {
  std::vector<uint32_t> all(records.num_rows());
  for (uint32_t row = 0; row < records.num_rows(); ++row) all[row] = row;
  arrow::FieldVector fields;
  arrow::ArrayVector columns;
  const auto add = [&](const std::string& name, ArrayPtr column) {
    fields.push_back(arrow::field(name, column->type()));
    columns.push_back(std::move(column));
  };
  ARROW_ASSIGN_OR_RAISE(ArrayPtr ids, gather_ids(records, all));
  add("lw_id", std::move(ids));
  if (records.has_sources()) {
    ARROW_ASSIGN_OR_RAISE(const ArrayPtr names, source_dictionary(records));
    ARROW_ASSIGN_OR_RAISE(const RowCodes codes, gather_sources(records, all));
    add("lw_source", coded_array(codes, names));
  }
  for (size_t c = 0; c < clusters.size(); ++c) {
    ARROW_ASSIGN_OR_RAISE(ArrayPtr column, records.has_sources()
                                               ? gather_composite_ids(records, clusters[c].representative_of_row)
                                               : gather_ids(records, clusters[c].representative_of_row));
    add("lw_cluster_" + std::to_string(c), std::move(column));
  }
  const auto table = arrow::Table::Make(arrow::schema(std::move(fields)), columns);
  return for_spark(*table);
}

}  // namespace

Result<ClusteredRows> best_link_rows(const JobRows& rows, const DataFrame& predictions, const Session& session,
                                     RunContext& context) {
  const LinkageModel& model = rows.job.model;
  ARROW_ASSIGN_OR_RAISE(const RecordTable records, collect_ids(rows, context));
  ARROW_ASSIGN_OR_RAISE(EdgeClusters clusters, EdgeClusters::make(*rows.job.cluster, records, context));
  ARROW_RETURN_NOT_OK(add_links(rows, predictions, records, context, &clusters));
  ARROW_ASSIGN_OR_RAISE(const std::vector<ClusterColumn> columns, clusters.finish(context.cancellation));
  ARROW_ASSIGN_OR_RAISE(const auto members, membership(columns, records));
  ARROW_ASSIGN_OR_RAISE(const DataFrame sent, session.create_data_frame(members));
  Column same = named(model.unique_id_column_name) == col("lw_id");
  if (records.has_sources()) same = same && named(model.source_dataset_column_name) == col("lw_source");
  std::vector<Column> selected;
  arrow::FieldVector fields;
  for (size_t c = 0; c < columns.size(); ++c) {
    const std::string name = "lw_cluster_" + std::to_string(c);
    selected.push_back(col(name).alias(columns[c].name));
    fields.push_back(arrow::field(columns[c].name, members->schema()->GetFieldByName(name)->type()));
  }
  for (const auto& field : rows.all.schema->fields()) {
    selected.push_back(named(field->name()));
    fields.push_back(field);
  }
  return ClusteredRows{{rows.all.frame.join(sent, same).select(selected), arrow::schema(std::move(fields))},
                       rows.num_rows - count_clusters(columns[0]),
                       {}};
}

}  // namespace linkwright::spark
