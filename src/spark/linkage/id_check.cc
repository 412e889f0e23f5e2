#include "spark/linkage/id_check.h"

#include <arrow/array.h>
#include <arrow/table.h>

#include "spark/linkage/batch_columns.h"
#include "spark/linkage/query_progress.h"
#include "spark/linkage/sql_columns.h"

namespace linkwright::spark {
namespace {

// The number of the first record for which a condition holds, counted from 1 in the order of Spark's partitions.
Result<int64_t> first_record_where(const DataFrame& records, const std::string& condition, RunContext& context) {
  // A row's own id is 2^33 times its partition, and its place there.
  const DataFrame places =
      records.select({expr("(" + condition + ") AS lw_wanted"), expr("spark_partition_id() AS lw_partition"),
                      expr("monotonically_increasing_id() & 8589934591L AS lw_place")});
  const DataFrame partitions =
      places.group_by({col("lw_partition")})
          .agg({expr("count(*) AS lw_rows"), expr("min(CASE WHEN lw_wanted THEN lw_place END) AS lw_first")})
          .sort({col("lw_partition")});
  ARROW_ASSIGN_OR_RAISE(const auto table, partitions.to_arrow(query_options(context)));
  ARROW_ASSIGN_OR_RAISE(const auto batch, table->CombineChunksToBatch());
  int64_t before = 0;
  for (int64_t row = 0; row < batch->num_rows(); ++row) {
    const auto& first = column_of<arrow::Int64Array>(*batch, "lw_first");
    if (first.IsValid(row)) return before + first.Value(row) + 1;
    before += column_of<arrow::Int64Array>(*batch, "lw_rows").Value(row);
  }
  return Status::IOError("Spark found no record where ", condition, ", of which it had counted some");
}

}  // namespace

Result<DatasetCounts> count_and_check_ids(const DataFrame& records, const LinkageModel& model, bool is_in_order,
                                          RunContext& context) {
  const std::string& id = model.unique_id_column_name;
  const std::string& source = model.source_dataset_column_name;
  const std::string source_sql = model.has_sources() ? sql_name(source) : "''";
  const DataFrame ids = records.select({expr(sql_name(id) + " AS lw_id"), expr(source_sql + " AS lw_source")})
                            .group_by({col("lw_source"), col("lw_id")})
                            .agg({expr("count(*) AS lw_times")});
  const DataFrame datasets = ids.group_by({col("lw_source")})
                                 .agg({expr("sum(lw_times) AS lw_rows"), expr("max(lw_times) AS lw_most"),
                                       expr("max_by(CAST(lw_id AS STRING), lw_times) AS lw_example"),
                                       expr("sum(CASE WHEN lw_id IS NULL THEN lw_times ELSE 0 END) AS lw_nulls")})
                                 .sort({col("lw_source")});
  ARROW_ASSIGN_OR_RAISE(const auto answer, datasets.to_arrow(query_options(context)));
  ARROW_ASSIGN_OR_RAISE(const auto rows, answer->CombineChunksToBatch());
  DatasetCounts counts;
  if (rows->num_rows() == 0) {
    if (!model.has_sources()) counts.emplace_back("", 0);
    return counts;
  }
  const auto& names = column_of<arrow::StringArray>(*rows, "lw_source");
  const auto& examples = column_of<arrow::StringArray>(*rows, "lw_example");
  for (int64_t row = 0; row < rows->num_rows(); ++row) {
    const std::string where = model.has_sources() ? " of dataset '" + names.GetString(row) + "'" : "";
    const int64_t nulls = column_of<arrow::Int64Array>(*rows, "lw_nulls").Value(row);
    const int64_t most = column_of<arrow::Int64Array>(*rows, "lw_most").Value(row);
    if (names.IsNull(row)) {
      return Status::Invalid("column '", source, "' is null in ",
                             column_of<arrow::Int64Array>(*rows, "lw_rows").Value(row),
                             " records; it must name each record's dataset");
    }
    if (nulls > 0 && is_in_order) {
      ARROW_ASSIGN_OR_RAISE(const int64_t first, first_record_where(records, sql_name(id) + " IS NULL", context));
      return Status::Invalid("column '", id, "' is null in record ", first,
                             " (counted over all inputs); every record needs an id");
    }
    if (nulls > 0) {
      return Status::Invalid("column '", id, "'", where, " is null in ", nulls, " records; every record needs an id");
    }
    if (most > 1) {
      return Status::Invalid("column '", id, "'", where, " must be unique, but ", examples.GetString(row), " is in ",
                             most, " records; deduplicate the ids first");
    }
    counts.emplace_back(names.GetString(row),
                        static_cast<uint64_t>(column_of<arrow::Int64Array>(*rows, "lw_rows").Value(row)));
  }
  return counts;
}

}  // namespace linkwright::spark
