#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "block/blocking_rule.h"
#include "column/record_table.h"
#include "expr/evaluator.h"
#include "model/linkage_job.h"

namespace linkwright {

/// The columns a job works on: what its comparisons, rules, training and outputs read, derived columns' inputs
/// included.
Result<std::vector<std::string>> working_columns(const LinkageJob& job);

/// How a job's records are encoded: its id and datasets, working columns and derived columns.
Result<RecordTableOptions> record_table_options(const LinkageJob& job);

/// How a job's SQL is evaluated.
EvaluationOptions evaluation_options(const LinkageJob& job);

/// The blocking rules of a model, parsed.
Result<std::vector<BlockingRule>> blocking_rules(const LinkageModel& model);

}  // namespace linkwright
