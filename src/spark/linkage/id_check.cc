#include "spark/linkage/id_check.h"

#include <arrow/array.h>
#include <arrow/table.h>

#include "spark/linkage/column_types.h"
#include "spark/linkage/sql_columns.h"

namespace linkwright::spark {
namespace {

template <class ArrayType>
const ArrayType& column_of(const arrow::Table& table, const char* name) {
  return static_cast<const ArrayType&>(*table.GetColumnByName(name)->chunk(0));
}

Result<std::shared_ptr<arrow::Table>> one_chunk(const std::shared_ptr<arrow::Table>& table) {
  ARROW_ASSIGN_OR_RAISE(const auto combined, table->CombineChunks());
  if (combined->num_rows() == 0) return std::shared_ptr<arrow::Table>();
  return combined;
}

}  // namespace

Result<DatasetCounts> count_and_check_ids(const DataFrame& records, const LinkageModel& model,
                                          const QueryOptions& query) {
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
  ARROW_ASSIGN_OR_RAISE(const auto answer, datasets.to_arrow(query));
  ARROW_ASSIGN_OR_RAISE(const auto rows, one_chunk(answer));
  DatasetCounts counts;
  if (rows == nullptr) {
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
