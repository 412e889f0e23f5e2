#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/gregorian.h"

namespace linkwright {

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;
constexpr int64_t kMicrosPerHour = 60 * kMicrosPerMinute;
constexpr int64_t kMicrosPerDay = 24 * kMicrosPerHour;

/// Whether there is such a day, among those that DuckDB's dates reach.
bool is_valid(const CivilDate& date);

/// 0 is Sunday, as in DuckDB's dayofweek; ISO: 1 is Monday, 7 is Sunday.
int64_t day_of_week(int64_t days);
int64_t iso_day_of_week(int64_t days);
int64_t day_of_year(int64_t days);

struct IsoWeek {
  int64_t year;
  int64_t week;
};
IsoWeek iso_week(int64_t days);

/// With zeros in front: "007" for 7 and 3.
std::string padded(int64_t value, int width);

/// "1990-02-03", "1990-02-03 10:11:12.5", as DuckDB casts to VARCHAR.
std::string format_date(int64_t days);
std::string format_timestamp(int64_t micros);

/// As DuckDB casts from VARCHAR: '1990-2-3', '1990/02/03', blanks around it; a time of day after a date is dropped. For
/// timestamps 'T' or blanks before HH:MM[:SS[.ffffff]], and a zone, which is ignored. Nothing for all else.
std::optional<int64_t> parse_date(std::string_view text);
std::optional<int64_t> parse_timestamp(std::string_view text);

}  // namespace linkwright
