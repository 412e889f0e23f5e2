#pragma once

#include <string>

#include "generate/random_stream.h"

namespace linkwright {

/// One slip of the keyboard in ASCII text: a letter substituted, deleted, inserted, or swapped with its neighbour.
/// Text of fewer than two bytes gets a letter appended.
void make_typo(std::string& text, RandomStream& random);

/// Day and month of a YYYY-MM-DD date exchanged; a date whose day is above 12 stays as it is.
void swap_day_and_month(std::string& date);

/// One wrong digit in a YYYY-MM-DD date, in the decade, year, month or day; stays as it is if that is not a date.
void make_digit_error(std::string& date, RandomStream& random);

}  // namespace linkwright
