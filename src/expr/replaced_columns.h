#pragma once

#include <functional>

#include "expr/expression.h"

namespace linkwright {

/// The expression with other columns in the place of its own.
Expression with_columns(const Expression& expression,
                        const std::function<ColumnReference(const ColumnReference&)>& replaced);

}  // namespace linkwright
