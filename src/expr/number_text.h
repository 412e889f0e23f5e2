#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace linkwright {

/// Text of the number as DuckDB casts it to VARCHAR: "5.5", "1.0", "1e+20", "nan", "-inf".
std::string format_double(double value);
std::string format_float(double value);  // the shortest text that gives the same FLOAT

/// Text with `scale` digits after the point, for DECIMAL.
std::string format_decimal(double value, int scale);

/// Reads text as a cast to DOUBLE does: blanks around it, `1_000`, `inf`, `nan`; nothing for all else.
std::optional<double> parse_double(std::string_view text);

/// Reads text as a cast to BIGINT does: as above, hexadecimal `0x1F`, and fractions rounded half away from zero.
/// Nothing when it is no number or does not fit.
std::optional<int64_t> parse_integer(std::string_view text);

}  // namespace linkwright
