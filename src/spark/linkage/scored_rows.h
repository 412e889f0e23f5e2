#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "engine/run_context.h"
#include "linkwright/spark.h"
#include "spark/linkage/output_table.h"

namespace linkwright::spark {

/// Scored pairs, and what is to be counted while they pass by.
struct ScoredRows {
  DataFrame frame;
  std::shared_ptr<arrow::Schema> schema;    // of predictions: some or all columns of `frame`, where its rows are pairs
  std::string is_kept;                      // SQL: whether a row is written
  std::string num_kept;                     // SQL, an aggregate over all rows: predictions that are written
  std::vector<std::string> pairs_compared;  // SQL, an aggregate over all rows: pairs that each rule has compared
  std::string files = {};                   // where rows are whole Parquet files of pairs: the column with their bytes
};

/// What a prediction on the cluster counted.
struct PredictionTotals {
  std::shared_ptr<arrow::Schema> schema;  // of what was written
  std::vector<uint64_t> compared_by_rule;
  uint64_t kept = 0;
};

/// Runs the query and writes what is kept.
Result<PredictionTotals> write_scored(const ScoredRows& scored, OutputTable* table, RunContext& context);

}  // namespace linkwright::spark
