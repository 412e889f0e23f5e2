#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace linkwright {

/// A strftime/strptime format such as "%Y-%m-%d", read once. Immutable.
///
/// Specifiers: Y y m B b d j H I p M S f g n a A u w U W G V z Z c x X %, and %- for numbers without padding.
/// Source: DuckDB; what `parse` accepts follows it, e.g. '1990-2-3', and blanks at both ends.
class DateFormat {
 public:
  static Result<DateFormat> make(std::string_view format);

  /// Microseconds since 1970; parts that the format lacks are those of 1900-01-01 00:00. Nothing when the text does not
  /// fit the format or is no date, e.g. 30 February.
  std::optional<int64_t> parse(std::string_view text) const;

  std::string format(int64_t micros) const;

  struct Part {
    char specifier = 0;  // 0: the text in `literal`
    bool is_padded = true;
    std::string literal;
  };
  const std::vector<Part>& parts() const { return parts_; }

 private:
  std::vector<Part> parts_;
};

}  // namespace linkwright
