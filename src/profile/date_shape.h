#pragma once

#include <span>
#include <string>
#include <string_view>

namespace linkwright {

/// Whether the whole text is a date of this strptime format. Of the directives only %Y, %m, %d, %H, %M, %S, %b and %B
/// are known; numbers have their full width.
bool is_date_of(std::string_view text, std::string_view format);

struct DateFormatGuess {
  std::string format;         // "" : not dates
  double share = 0;           // of the texts that are dates of this format
  bool is_ambiguous = false;  // day and month could as well be exchanged
};

/// The format that most of the texts have; of equal ones the first in a fixed list (year first, then day first).
DateFormatGuess guess_date_format(std::span<const std::string> texts);

}  // namespace linkwright
