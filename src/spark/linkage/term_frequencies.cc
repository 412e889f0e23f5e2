#include "spark/linkage/term_frequencies.h"

#include <arrow/type.h>

#include "base/add_once.h"
#include "base/column_name.h"
#include "kernel/pair_task.h"
#include "spark/linkage/column_types.h"
#include "spark/linkage/sql_columns.h"

namespace linkwright::spark {

std::vector<std::string> term_frequency_columns(const LinkageModel& model) {
  std::vector<std::string> columns;
  for (const Comparison& comparison : model.comparisons) {
    for (const ComparisonLevel& level : comparison.levels) {
      if (!level.tf_adjustment_column.empty()) add_once(level.tf_adjustment_column, &columns);
    }
  }
  return columns;
}

std::string frequency_column(const std::string& column) { return kFrequencyPrefix + column; }

Result<Rows> with_term_frequencies(const Rows& rows, const std::vector<std::string>& columns) {
  Rows result = rows;
  arrow::FieldVector fields = rows.schema->fields();
  const std::vector<std::string> names = rows.schema->field_names();
  for (const std::string& wanted : columns) {
    const std::string* meant = column_meant_by(wanted, names);
    if (meant == nullptr) continue;  // the kernel says what is missing, and the nearest
    const std::string& column = *meant;
    const std::string frequency = frequency_column(wanted);
    const DataFrame counts =
        rows.frame.filter(named(column).is_not_null()).group_by({named(column)}).agg({expr("count(*) AS lw_count")});
    const DataFrame total = rows.frame.agg({expr("count(" + sql_name(column) + ") AS lw_total")});
    const DataFrame shares = counts.cross_join(total).select(
        {named(column).alias("lw_value"),
         expr("CAST(lw_count AS DOUBLE) / CAST(lw_total AS DOUBLE) AS " + sql_name(frequency))});
    result.frame = result.frame.join(shares, named(column) == col("lw_value"), JoinType::kLeftOuter).drop({"lw_value"});
    fields.push_back(arrow::field(frequency, arrow::float64()));
  }
  result.schema = arrow::schema(std::move(fields));
  return result;
}

}  // namespace linkwright::spark
