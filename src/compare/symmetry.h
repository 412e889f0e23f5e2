#pragma once

#include "expr/expression.h"

namespace linkwright {

/// Whether a condition on a pair surely means the same with left and right exchanged: the exchanged tree is the same up
/// to the order of the arguments of AND, OR, =, and symmetric functions. False when it cannot tell.
bool is_symmetric(const Expression& condition);

}  // namespace linkwright
