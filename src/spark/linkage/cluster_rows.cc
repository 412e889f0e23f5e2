#include "spark/linkage/cluster_rows.h"

#include <arrow/type.h>
#include <arrow/type_traits.h>

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "engine/edge_clusters.h"
#include "spark/linkage/sql_columns.h"

namespace linkwright::spark {
namespace {

/// A column of clusters and the lowest weight that joins its records.
struct ClusterColumnSpec {
  std::string name;
  double lowest_weight = 0;
};

// From the highest threshold down.
std::vector<ClusterColumnSpec> descending_columns(const ClusterSpec& spec) {
  const std::vector<std::string> names = cluster_column_names(spec.thresholds);
  std::vector<ClusterColumnSpec> columns;
  for (size_t i = 0; i < names.size(); ++i) {
    columns.push_back({names[i], lowest_weight(spec.thresholds[i])});
  }
  std::stable_sort(columns.begin(), columns.end(), [](const ClusterColumnSpec& a, const ClusterColumnSpec& b) {
    return a.lowest_weight > b.lowest_weight;
  });
  return columns;
}

// The id that names a record among all: Splink's, of several datasets, or the record's own.
std::string node_id(const LinkageModel& model, const std::string& side) {
  std::string id = sql_name(model.unique_id_column_name + side);
  if (!model.has_sources()) return id;
  return "concat(" + sql_name(model.source_dataset_column_name + side) + ", '-__-', " + id + ")";
}

// Integers of all widths are BIGINT, which the kernel takes.
std::string edge_id(const LinkageModel& model, const std::string& side, bool is_integer) {
  return is_integer ? "CAST(" + node_id(model, side) + " AS BIGINT)" : node_id(model, side);
}

Result<bool> has_integer_ids(const LinkageModel& model, const arrow::Schema& records) {
  if (model.has_sources()) return false;
  const auto field = records.GetFieldByName(model.unique_id_column_name);
  if (field == nullptr) return Status::Invalid("the records have no column '", model.unique_id_column_name, "'");
  return arrow::is_integer(field->type()->id());
}

}  // namespace

Result<ClusteredRows> cluster_rows(const LinkageJob& job, const Rows& records, const DataFrame& predictions,
                                   const ComponentOptions& options) {
  const LinkageModel& model = job.model;
  ARROW_ASSIGN_OR_RAISE(const bool is_integer, has_integer_ids(model, *records.schema));
  const DataFrame edges = predictions.select({col("match_weight").alias("lw_weight"),
                                              expr(edge_id(model, "_l", is_integer)).alias("lw_left"),
                                              expr(edge_id(model, "_r", is_integer)).alias("lw_right")});
  const std::vector<std::string> names = cluster_column_names(job.cluster->thresholds);
  ClusteredRows clustered{records, 0, {}};
  DataFrame rows = records.frame.with_column("lw_id", expr(edge_id(model, "", is_integer)));
  double upper = std::numeric_limits<double>::infinity();
  for (const ClusterColumnSpec& column : descending_columns(*job.cluster)) {
    const bool is_highest = clustered.kept.empty();
    const std::string band = "lw_weight >= " + sql_number(column.lowest_weight) +
                             (is_highest ? "" : " AND lw_weight < " + sql_number(upper));
    DataFrame joined = edges.filter(expr(band)).select({col("lw_left"), col("lw_right")});
    if (!is_highest) joined = joined.union_all(clustered.kept.back().rows());
    ARROW_ASSIGN_OR_RAISE(Components components, connected_components(joined, options));
    upper = column.lowest_weight;
    if (column.name == names.front()) clustered.num_joined = static_cast<uint64_t>(components.size);
    rows =
        rows.join(components.stars.rows().select({col("lw_right").alias("lw_id"), col("lw_left").alias(column.name)}),
                  {"lw_id"}, JoinType::kLeftOuter);
    clustered.kept.push_back(std::move(components.stars));
  }
  std::vector<Column> select;
  arrow::FieldVector fields;
  for (const std::string& name : names) {
    select.push_back(expr("coalesce(" + sql_name(name) + ", lw_id)").alias(name));
    fields.push_back(arrow::field(name, is_integer ? arrow::int64() : arrow::utf8()));
  }
  for (const auto& field : records.schema->fields()) {
    select.push_back(col(sql_name(field->name())));
    fields.push_back(field);
  }
  clustered.rows = {rows.select(select), arrow::schema(std::move(fields))};
  return clustered;
}

}  // namespace linkwright::spark
