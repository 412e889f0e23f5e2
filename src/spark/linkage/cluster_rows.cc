#include "spark/linkage/cluster_rows.h"

#include <arrow/type.h>
#include <arrow/type_traits.h>

#include <algorithm>
#include <limits>
#include <optional>
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
    columns.push_back(
        {names[i], spec.thresholds[i].as_match_weight().value_or(-std::numeric_limits<double>::infinity())});
  }
  std::stable_sort(columns.begin(), columns.end(), [](const ClusterColumnSpec& a, const ClusterColumnSpec& b) {
    return a.lowest_weight > b.lowest_weight;
  });
  return columns;
}

// The id that names a record among all: Splink's, of several datasets, or the record's own.
std::string node_id(const LinkageModel& model, const std::string& side) {
  std::string id = sql_name(model.unique_id_column_name + side);
  if (model.link_type == LinkType::kDedupeOnly) return id;
  return "concat(" + sql_name(model.source_dataset_column_name + side) + ", '-__-', " + id + ")";
}

// Integers of all widths are BIGINT, which the kernel takes.
std::string edge_id(const LinkageModel& model, const std::string& side, bool is_integer) {
  return is_integer ? "CAST(" + node_id(model, side) + " AS BIGINT)" : node_id(model, side);
}

Result<bool> has_integer_ids(const LinkageModel& model, const DataFrame& records) {
  if (model.link_type != LinkType::kDedupeOnly) return false;
  ARROW_ASSIGN_OR_RAISE(const auto schema, records.schema());
  const auto field = schema->GetFieldByName(model.unique_id_column_name);
  if (field == nullptr) return Status::Invalid("the records have no column '", model.unique_id_column_name, "'");
  return arrow::is_integer(field->type()->id());
}

}  // namespace

Status check_clusters(const LinkageJob& job) {
  if (job.cluster && job.cluster->method == ClusterSpec::Method::kBestLink) {
    return Status::NotImplemented(
        "cluster.method best_link is not to be had on Spark, as its rounds need all links of a component at once; use "
        "connected_components, or cluster the predictions with the embedded engine (linkwright cluster)");
  }
  return Status::OK();
}

Result<DataFrame> cluster_rows(const LinkageJob& job, const DataFrame& records, const DataFrame& predictions,
                               const ComponentOptions& options) {
  ARROW_RETURN_NOT_OK(check_clusters(job));
  const LinkageModel& model = job.model;
  ARROW_ASSIGN_OR_RAISE(const bool is_integer, has_integer_ids(model, records));
  const DataFrame edges = predictions.select({col("match_weight").alias("lw_weight"),
                                              expr(edge_id(model, "_l", is_integer)).alias("lw_left"),
                                              expr(edge_id(model, "_r", is_integer)).alias("lw_right")});
  DataFrame rows = records.with_column("lw_id", expr(edge_id(model, "", is_integer)));
  std::optional<DataFrame> above;
  double upper = std::numeric_limits<double>::infinity();
  for (const ClusterColumnSpec& column : descending_columns(*job.cluster)) {
    const std::string band =
        "lw_weight >= " + sql_number(column.lowest_weight) + (above ? " AND lw_weight < " + sql_number(upper) : "");
    DataFrame joined = edges.filter(expr(band)).select({col("lw_left"), col("lw_right")});
    if (above) joined = joined.union_all(*above);
    ARROW_ASSIGN_OR_RAISE(above, connected_components(joined, options));
    upper = column.lowest_weight;
    const DataFrame named = above->select({col("lw_right").alias("lw_id"), col("lw_left").alias(column.name)});
    rows = rows.join(named, {"lw_id"}, JoinType::kLeftOuter);
  }
  std::vector<Column> select;
  for (const std::string& name : cluster_column_names(job.cluster->thresholds)) {
    select.push_back(expr("coalesce(" + sql_name(name) + ", lw_id)").alias(name));
  }
  ARROW_ASSIGN_OR_RAISE(const auto schema, records.schema());
  for (const std::string& name : schema->field_names()) select.push_back(col(sql_name(name)));
  return rows.select(select);
}

}  // namespace linkwright::spark
