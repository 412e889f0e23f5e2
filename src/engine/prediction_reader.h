#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/status.h"
#include "engine/run_context.h"
#include "expr/arrow_values.h"

namespace linkwright {

struct PredictionBatch {
  int64_t first_row;  // from 0
  int64_t num_rows;
  std::vector<ArrayValues> columns;  // those that were asked for, in that order
};

/// Shows some columns of a run's predictions, in batches from the first row on. Parquet is read batch by batch and
/// takes little memory; files of text are read whole. Errors: those of `read_tables`, and of `visit`; Cancelled between
/// batches.
Status read_predictions(const std::string& path, const std::vector<std::string>& columns, const RunContext& context,
                        const std::function<Status(PredictionBatch& batch)>& visit);

}  // namespace linkwright
