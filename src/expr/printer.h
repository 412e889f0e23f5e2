#pragma once

#include <string>
#include <string_view>

#include "expr/expression.h"
#include "expr/precedence.h"

namespace linkwright {

/// The precedence of the outermost operator of `expression`; kValue for calls, columns and literals.
Precedence precedence_of(const Expression& expression);

/// The name in quotes, unless it is a plain word that SQL does not reserve. Quotes inside are doubled.
std::string quoted_name(std::string_view name, char quote);

/// The number so that reading it back gives the same DOUBLE, with an exponent ("1.5e+00").
std::string double_text(double value);

}  // namespace linkwright
