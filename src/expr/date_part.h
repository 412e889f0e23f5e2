#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace linkwright {

/// A part of a moment, or a unit to count or cut by.
enum class DatePart : uint8_t {
  kMicrosecond,
  kMillisecond,
  kSecond,
  kMinute,
  kHour,
  kDay,
  kWeek,
  kMonth,
  kQuarter,
  kYear,
  kDecade,
  kCentury,
  kMillennium,
  kDayOfWeek,
  kIsoDayOfWeek,
  kDayOfYear,
  kIsoYear,
  kEpoch
};

/// The part of a name such as "year", "years" or "y", in any case.
std::optional<DatePart> find_date_part(std::string_view name);

/// The name of a unit that intervals have; "" for parts that are no unit ("dow").
std::string_view unit_name(DatePart unit);

/// The moment `count` units later; in a month that lacks the day, its last. Nothing when it is out of range.
std::optional<int64_t> shifted_by(DatePart unit, int64_t count, int64_t micros);

/// date_part(part, moment); kEpoch in whole seconds.
int64_t part_of(DatePart part, int64_t micros);

/// date_diff: how many boundaries of the unit lie between the two.
int64_t count_boundaries(DatePart unit, int64_t start, int64_t end);

/// date_sub: how many whole units lie between the two.
int64_t count_whole_units(DatePart unit, int64_t start, int64_t end);

/// date_trunc: the start of the unit that `micros` lies in.
int64_t truncate_to(DatePart unit, int64_t micros);

}  // namespace linkwright
