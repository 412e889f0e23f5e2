#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "engine/run_context.h"
#include "io/table_survey.h"
#include "model/linkage_job.h"

namespace linkwright {

/// What a job's inputs hold, all of them together: what the memory of a run follows from.
struct InputSurvey {
  std::vector<TableSurvey> inputs;
  uint64_t rows = 0;
  std::vector<ColumnSurvey> columns;  // of the first input; derived ones last, by what they are made of

  const ColumnSurvey* find(const std::string& name) const;
};

/// Bytes of a text of the column, nulls aside; 0 where it has none.
double average_text_bytes(const ColumnSurvey& column);

/// One pass over the inputs, in little memory. Errors: an input that is no file or cannot be read, an expression of a
/// derived column that does not parse.
Result<InputSurvey> survey_inputs(const LinkageJob& job, const RunContext& context);

}  // namespace linkwright
