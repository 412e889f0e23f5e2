#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "expr/expression.h"

namespace linkwright {

/// The parts of Expression::to_spark_sql.
Result<std::string> print_spark(const Expression& expression);

/// strptime, try_strptime, strftime, date_part, date_diff and date_trunc.
Result<std::string> spark_date_call(const Expression& call);

/// The functions on regular expressions.
Result<std::string> spark_pattern_call(const Expression& call);

/// `text` with the arguments in the places of $1, @1 and $* (see spark_functions.h).
Result<std::string> fill_spark_template(std::string_view text, const std::vector<Expression>& arguments);

/// A text literal; Spark's know backslash escapes.
std::string spark_text(std::string_view value);

/// The text that `expression` is, when it is a text literal.
std::optional<std::string_view> constant_text(const Expression& expression);

/// NotImplemented, with a way out.
Status no_spark_equal(std::string_view what);

}  // namespace linkwright
