#pragma once

#include <string_view>
#include <vector>

#include "base/status.h"
#include "expr/arena.h"
#include "expr/evaluator.h"
#include "expr/expression.h"
#include "expr/sql_type.h"
#include "expr/step.h"

namespace linkwright {

/// What compiling makes: the root of the steps, and what has to be there when they run.
struct CompiledSteps {
  StepPtr root;
  SqlType type;
  std::vector<ColumnReference> columns;
  size_t parameter_count = 0;  // slots for the parameters of lambdas
};

/// Checks the types of `expression`, chooses functions, folds constants (whose memory is `constants`), and builds the
/// steps. Errors carry a caret under the place in `sql`.
Result<CompiledSteps> compile_steps(const Expression& expression, std::string_view sql,
                                    const Evaluator::ColumnTypes& column_types, const EvaluationOptions& options,
                                    Arena& constants);

}  // namespace linkwright
