#pragma once

// For tests of the SQL that jobs become: records, and a job about them.

#include <arrow/type.h>

#include <memory>
#include <string>
#include <vector>

#include "model/linkage_job.h"

namespace linkwright::spark::test {

inline std::shared_ptr<arrow::Schema> records() {
  return arrow::schema({arrow::field("unique_id", arrow::int64()), arrow::field("source_dataset", arrow::utf8()),
                        arrow::field("name", arrow::utf8()), arrow::field("city", arrow::utf8()),
                        arrow::field("age", arrow::int64()), arrow::field("tags", arrow::list(arrow::utf8()))});
}

// Levels of `conditions`, best first, and an ELSE.
inline Comparison comparison(const std::string& name, const std::vector<std::string>& conditions) {
  Comparison comparison;
  comparison.output_column_name = name;
  for (const std::string& sql : conditions) {
    ComparisonLevel level;
    level.sql_condition = sql;
    level.label_for_charts = sql;
    level.is_null_level = sql.find("IS NULL") != std::string::npos;
    if (!level.is_null_level) {
      level.m_probability = 0.5;
      level.u_probability = 0.25;
    }
    comparison.levels.push_back(level);
  }
  ComparisonLevel otherwise;
  otherwise.sql_condition = "ELSE";
  otherwise.m_probability = 0.5;
  otherwise.u_probability = 0.5;
  comparison.levels.push_back(otherwise);
  return comparison;
}

// A job with one comparison, of names.
inline LinkageJob job(const std::vector<std::string>& conditions, const std::vector<std::string>& rules) {
  LinkageJob made;
  made.model.comparisons = {comparison("name", conditions)};
  for (const std::string& rule : rules) made.model.blocking_rules.push_back({rule, "duckdb", {}});
  made.predict = Threshold{};
  return made;
}

}  // namespace linkwright::spark::test
