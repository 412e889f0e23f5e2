#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "token/text_dialect.h"

namespace linkwright {

/// A day by the proleptic Gregorian calendar, as days since 1970-01-01.
using EpochDay = int64_t;

/// Year, month and day of a calendar; the year 0 is the one before the year 1.
struct WrittenDay {
  int64_t year;
  int month;
  int day;
};

/// Of the Gregorian calendar.
int gregorian_days_in_month(int64_t year, int month);

/// The Gregorian calendar. A day beyond its month is one of the next.
EpochDay gregorian_day(int64_t year, int month, int64_t day);
WrittenDay gregorian_date(EpochDay day);

/// The Julian calendar, which Java's goes by before October 15, 1582.
EpochDay julian_day(int64_t year, int month, int64_t day);
WrittenDay julian_date(EpochDay day);

/// yyyy-MM-dd: Java writes the year of the era with at least four digits and a plus sign beyond 9999; Python (glibc
/// strftime) does not pad it. `out` is overwritten.
void format_date(TextDialect dialect, const WrittenDay& date, std::string* out);

/// The same without the plus sign, as Java's older formatter writes.
void format_date_without_sign(const WrittenDay& date, std::string* out);

/// The day of a text that is dddd-dd-dd already, exists, and lies in 1600 or later.
std::optional<EpochDay> canonical_day(std::string_view text);

/// "2026-11-20" to a day; the error names what was expected.
Result<EpochDay> parse_iso_date(std::string_view text);
std::string format_iso_date(EpochDay day);

}  // namespace linkwright
