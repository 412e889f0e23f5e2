#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace linkwright {

/// The Java DateTimeFormatter pattern that Spark SQL uses for a strftime format: "%Y-%m-%d" gives "yyyy-MM-dd" to
/// write, and "y-M-d" to read, since DuckDB reads '1990-2-3' as well. NotImplemented, naming the specifier, where
/// Java has no equal, or has one for writing only (names of days, years of two digits).
Result<std::string> spark_date_pattern(std::string_view format, bool for_reading);

}  // namespace linkwright
