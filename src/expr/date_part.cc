#include "expr/date_part.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "expr/calendar.h"

namespace linkwright {
namespace {

struct PartName {
  std::string_view name;
  DatePart part;
};

constexpr auto kPartNames = std::to_array<PartName>({
    {"microsecond", DatePart::kMicrosecond},
    {"microseconds", DatePart::kMicrosecond},
    {"us", DatePart::kMicrosecond},
    {"usec", DatePart::kMicrosecond},
    {"usecs", DatePart::kMicrosecond},
    {"usecond", DatePart::kMicrosecond},
    {"useconds", DatePart::kMicrosecond},
    {"millisecond", DatePart::kMillisecond},
    {"milliseconds", DatePart::kMillisecond},
    {"ms", DatePart::kMillisecond},
    {"msec", DatePart::kMillisecond},
    {"msecs", DatePart::kMillisecond},
    {"second", DatePart::kSecond},
    {"seconds", DatePart::kSecond},
    {"sec", DatePart::kSecond},
    {"secs", DatePart::kSecond},
    {"s", DatePart::kSecond},
    {"minute", DatePart::kMinute},
    {"minutes", DatePart::kMinute},
    {"min", DatePart::kMinute},
    {"mins", DatePart::kMinute},
    {"m", DatePart::kMinute},
    {"hour", DatePart::kHour},
    {"hours", DatePart::kHour},
    {"hr", DatePart::kHour},
    {"hrs", DatePart::kHour},
    {"h", DatePart::kHour},
    {"day", DatePart::kDay},
    {"days", DatePart::kDay},
    {"d", DatePart::kDay},
    {"dayofmonth", DatePart::kDay},
    {"week", DatePart::kWeek},
    {"weeks", DatePart::kWeek},
    {"w", DatePart::kWeek},
    {"weekofyear", DatePart::kWeek},
    {"month", DatePart::kMonth},
    {"months", DatePart::kMonth},
    {"mon", DatePart::kMonth},
    {"mons", DatePart::kMonth},
    {"quarter", DatePart::kQuarter},
    {"quarters", DatePart::kQuarter},
    {"year", DatePart::kYear},
    {"years", DatePart::kYear},
    {"y", DatePart::kYear},
    {"yr", DatePart::kYear},
    {"yrs", DatePart::kYear},
    {"decade", DatePart::kDecade},
    {"decades", DatePart::kDecade},
    {"dec", DatePart::kDecade},
    {"decs", DatePart::kDecade},
    {"century", DatePart::kCentury},
    {"centuries", DatePart::kCentury},
    {"cent", DatePart::kCentury},
    {"c", DatePart::kCentury},
    {"millennium", DatePart::kMillennium},
    {"millennia", DatePart::kMillennium},
    {"mil", DatePart::kMillennium},
    {"mils", DatePart::kMillennium},
    {"dow", DatePart::kDayOfWeek},
    {"dayofweek", DatePart::kDayOfWeek},
    {"weekday", DatePart::kDayOfWeek},
    {"isodow", DatePart::kIsoDayOfWeek},
    {"doy", DatePart::kDayOfYear},
    {"dayofyear", DatePart::kDayOfYear},
    {"isoyear", DatePart::kIsoYear},
    {"epoch", DatePart::kEpoch},
});

struct Moment {
  int64_t days;
  int64_t time;
};

Moment split(int64_t micros) {
  const int64_t days = floor_divide(micros, kMicrosPerDay);
  return {days, micros - days * kMicrosPerDay};
}

int64_t month_count(int64_t days) {
  const CivilDate date = civil_from_days(days);
  return date.year * 12 + date.month - 1;
}

int64_t monday_of(int64_t days) { return days - iso_day_of_week(days) + 1; }

int64_t fixed_size(DatePart unit) {
  switch (unit) {
    case DatePart::kMicrosecond:
      return 1;
    case DatePart::kMillisecond:
      return 1000;
    case DatePart::kMinute:
      return kMicrosPerMinute;
    case DatePart::kHour:
      return kMicrosPerHour;
    case DatePart::kWeek:
      return 7 * kMicrosPerDay;
    case DatePart::kDay:
    case DatePart::kDayOfWeek:
    case DatePart::kIsoDayOfWeek:
    case DatePart::kDayOfYear:
      return kMicrosPerDay;
    default:
      return kMicrosPerSecond;
  }
}

// Months of units that are made of months; 0 for units of fixed length.
int64_t months_of(DatePart unit) {
  switch (unit) {
    case DatePart::kMonth:
      return 1;
    case DatePart::kQuarter:
      return 3;
    case DatePart::kYear:
    case DatePart::kIsoYear:
      return 12;
    case DatePart::kDecade:
      return 120;
    case DatePart::kCentury:
      return 1200;
    case DatePart::kMillennium:
      return 12000;
    default:
      return 0;
  }
}

// Whole months from start to end (start <= end). The last day of a month completes a month that has no such day.
int64_t whole_months(int64_t start, int64_t end) {
  const Moment from = split(start);
  const Moment to = split(end);
  const CivilDate from_date = civil_from_days(from.days);
  const CivilDate to_date = civil_from_days(to.days);
  const int64_t months = month_count(to.days) - month_count(from.days);
  const bool is_last_day = to_date.day == days_in_month(to_date.year, to_date.month);
  const int64_t from_day = is_last_day ? std::min(from_date.day, to_date.day) : from_date.day;
  const bool is_complete = to_date.day > from_day || (to_date.day == from_day && to.time >= from.time);
  return is_complete ? months : months - 1;
}

}  // namespace

std::optional<DatePart> find_date_part(std::string_view name) {
  const std::string lower = to_lower(name);
  const auto* const found =
      std::find_if(kPartNames.begin(), kPartNames.end(), [&](const PartName& part) { return part.name == lower; });
  return found == kPartNames.end() ? std::nullopt : std::optional(found->part);
}

std::string_view unit_name(DatePart unit) {
  switch (unit) {
    case DatePart::kMicrosecond:
      return "microsecond";
    case DatePart::kMillisecond:
      return "millisecond";
    case DatePart::kSecond:
      return "second";
    case DatePart::kMinute:
      return "minute";
    case DatePart::kHour:
      return "hour";
    case DatePart::kDay:
      return "day";
    case DatePart::kWeek:
      return "week";
    case DatePart::kMonth:
      return "month";
    case DatePart::kQuarter:
      return "quarter";
    case DatePart::kYear:
      return "year";
    case DatePart::kDecade:
      return "decade";
    case DatePart::kCentury:
      return "century";
    case DatePart::kMillennium:
      return "millennium";
    default:
      return "";
  }
}

std::optional<int64_t> shifted_by(DatePart unit, int64_t count, int64_t micros) {
  int64_t result = 0;
  const int64_t unit_months = months_of(unit);
  if (unit_months == 0) {
    const bool overflows =
        __builtin_mul_overflow(count, fixed_size(unit), &result) || __builtin_add_overflow(result, micros, &result);
    return overflows ? std::nullopt : std::optional(result);
  }
  const auto [days, time] = split(micros);
  int64_t months = 0;
  const bool overflows =
      __builtin_mul_overflow(count, unit_months, &months) || __builtin_add_overflow(months, month_count(days), &months);
  if (overflows) return std::nullopt;
  const int64_t year = floor_divide(months, 12);
  CivilDate date{year, months - year * 12 + 1, 1};
  if (!is_valid(date)) return std::nullopt;
  date.day = std::min(civil_from_days(days).day, days_in_month(date.year, date.month));
  return days_from_civil(date) * kMicrosPerDay + time;
}

int64_t part_of(DatePart part, int64_t micros) {
  const auto [days, time] = split(micros);
  switch (part) {
    case DatePart::kMicrosecond:
      return time % kMicrosPerMinute;
    case DatePart::kMillisecond:
      return time % kMicrosPerMinute / 1000;
    case DatePart::kSecond:
      return time / kMicrosPerSecond % 60;
    case DatePart::kMinute:
      return time / kMicrosPerMinute % 60;
    case DatePart::kHour:
      return time / kMicrosPerHour;
    case DatePart::kDay:
      return civil_from_days(days).day;
    case DatePart::kWeek:
      return iso_week(days).week;
    case DatePart::kMonth:
      return civil_from_days(days).month;
    case DatePart::kQuarter:
      return (civil_from_days(days).month - 1) / 3 + 1;
    case DatePart::kYear:
      return civil_from_days(days).year;
    case DatePart::kDecade:
      return civil_from_days(days).year / 10;
    case DatePart::kCentury:
      return floor_divide(civil_from_days(days).year - 1, 100) + 1;
    case DatePart::kMillennium:
      return floor_divide(civil_from_days(days).year - 1, 1000) + 1;
    case DatePart::kDayOfWeek:
      return day_of_week(days);
    case DatePart::kIsoDayOfWeek:
      return iso_day_of_week(days);
    case DatePart::kDayOfYear:
      return day_of_year(days);
    case DatePart::kIsoYear:
      return iso_week(days).year;
    case DatePart::kEpoch:
      return floor_divide(micros, kMicrosPerSecond);
  }
  return 0;
}

int64_t count_boundaries(DatePart unit, int64_t start, int64_t end) {
  const int64_t start_days = split(start).days;
  const int64_t end_days = split(end).days;
  if (unit == DatePart::kWeek) return (end_days - start_days) / 7;  // as DuckDB: spans of seven days, not Mondays
  if (unit == DatePart::kIsoYear) return iso_week(end_days).year - iso_week(start_days).year;
  if (const int64_t months = months_of(unit); months > 0) {
    return floor_divide(month_count(end_days), months) - floor_divide(month_count(start_days), months);
  }
  const int64_t size = fixed_size(unit);
  return floor_divide(end, size) - floor_divide(start, size);
}

int64_t count_whole_units(DatePart unit, int64_t start, int64_t end) {
  if (const int64_t months = months_of(unit); months > 0) {
    return (start <= end ? whole_months(start, end) : -whole_months(end, start)) / months;
  }
  return (end - start) / fixed_size(unit);
}

int64_t truncate_to(DatePart unit, int64_t micros) {
  const int64_t days = split(micros).days;
  if (unit == DatePart::kWeek) return monday_of(days) * kMicrosPerDay;
  if (unit == DatePart::kIsoYear) return monday_of(days_from_civil({iso_week(days).year, 1, 4})) * kMicrosPerDay;
  if (const int64_t months = months_of(unit); months > 0) {
    const int64_t first = floor_divide(month_count(days), months) * months;
    const int64_t year = floor_divide(first, 12);
    return days_from_civil({year, first - year * 12 + 1, 1}) * kMicrosPerDay;
  }
  const int64_t size = fixed_size(unit);
  return floor_divide(micros, size) * size;
}

}  // namespace linkwright
