#include "token/calendar_date.h"

#include <algorithm>
#include <optional>

#include "token/date_shape.h"
#include "token/unicode_text.h"
#include "token/written_date.h"

namespace linkwright {
namespace {

constexpr int64_t kMsPerDay = 86'400'000;
constexpr EpochDay kFirstBirthDate = -21915;  // 1910-01-01
// Java's calendar is Julian before this day, so a written date there is another day of LocalDate.
constexpr EpochDay kGregorianCutover = -141427;  // 1582-10-15

bool exists(const WrittenDate& date, bool julian) {
  if (date.year < 1 || date.month < 1 || date.month > 12 || date.day < 1) return false;
  const auto month = static_cast<int>(date.month);
  const int julian_leap_day = julian && month == 2 && date.year % 4 == 0 ? 29 : 0;
  if (date.day > std::max(gregorian_days_in_month(date.year, month), julian_leap_day)) return false;
  return date.hour < 24 && date.minute < 60 && date.second < 60 && date.millisecond < 1000;
}

/// The day a written date means, by the reference's calendar; nothing for a day that does not exist.
std::optional<EpochDay> resolve(const ProfileTraits& traits, const DateContext& context, const WrittenDate& date) {
  const auto month = static_cast<int>(date.month);
  if (traits.is_python()) {
    if (!exists(date, false)) return std::nullopt;
    return gregorian_day(date.year, month, date.day);  // the written date, whatever its offset
  }
  const bool julian =
      date.year < 1582 || (date.year == 1582 && (date.month < 10 || (date.month == 10 && date.day < 15)));
  if (!exists(date, julian)) return std::nullopt;
  if (julian && date.year == 1582 && date.month == 10 && date.day > 4) return std::nullopt;  // the days left out
  const EpochDay day = julian ? julian_day(date.year, month, date.day) : gregorian_day(date.year, month, date.day);
  if (!date.is_timestamp) return day;
  const int64_t minutes = date.hour * 60 + date.minute - date.offset_minutes;
  return context.time_zone->day_of(day * kMsPerDay + (minutes * 60 + date.second) * 1000 + date.millisecond);
}

/// The day of a text in any of the forms. Java reads numbers of any width, so "01/02/2000" is read as the second day of
/// a first year, found impossible, and read again in the next form.
template <class Char>
std::optional<EpochDay> day_of_text(const ProfileTraits& traits, const DateContext& context,
                                    std::basic_string_view<Char> text) {
  for (const DateForm& form : kDateForms) {
    DateCursor<Char> cursor(traits.dialect, text);
    WrittenDate date;
    if (!read_form(traits.dialect, form, &cursor, &date)) continue;
    if (!cursor.at_end() && form.separator == '-' && form.order == "ymd") {
      date.is_timestamp = true;
      const bool read = traits.is_python() ? read_python_clock(&cursor, &date) : read_java_clock(&cursor, &date);
      if (!read) continue;
    }
    if (!cursor.at_end()) continue;
    if (auto day = resolve(traits, context, date)) return day;
  }
  return std::nullopt;
}

struct EvaluatedDate {
  bool has_shape = false;
  std::optional<EpochDay> day;
};

template <class Char>
EvaluatedDate evaluate_text(const ProfileTraits& traits, const DateContext& context,
                            std::basic_string_view<Char> text) {
  EvaluatedDate result;
  result.has_shape = has_date_shape(traits.dialect, text);
  if (traits.is_python()) text = trim(traits.dialect, text);
  result.day = day_of_text(traits, context, text);
  return result;
}

AttributeValue evaluate_in_range(const ProfileTraits& traits, const DateContext& context, EpochDay first, EpochDay last,
                                 std::string_view raw, std::string* buffer) {
  if (auto day = canonical_day(raw)) return AttributeValue::of(*day >= first && *day <= last, raw);
  EvaluatedDate date;
  if (is_ascii(raw)) {
    date = evaluate_text(traits, context, raw);
  } else {
    std::u32string wide;
    decode_utf8(raw, &wide);
    date = evaluate_text(traits, context, std::u32string_view(wide));
  }
  if (!date.day) return {date.has_shape && first == INT64_MIN, false, {}};
  format_date(traits.dialect, gregorian_date(*date.day), buffer);
  return AttributeValue::of(date.has_shape && *date.day >= first && *date.day <= last, *buffer);
}

}  // namespace

AttributeValue evaluate_date(const ProfileTraits& traits, const DateContext& context, std::string_view raw,
                             std::string* buffer) {
  return evaluate_in_range(traits, context, INT64_MIN, INT64_MAX, raw, buffer);
}

AttributeValue evaluate_birth_date(const ProfileTraits& traits, const DateContext& context, std::string_view raw,
                                   std::string* buffer) {
  return evaluate_in_range(traits, context, kFirstBirthDate, context.today, raw, buffer);
}

bool reformat_date(TextDialect dialect, std::string_view text, std::string* out) {
  if (canonical_day(text)) {
    out->assign(text);
    return true;
  }
  std::u32string wide;
  decode_utf8(text, &wide);
  WrittenDate date;
  DateCursor<char32_t> cursor(dialect, wide);
  if (!read_form(dialect, kDateForms[0], &cursor, &date) || !cursor.at_end()) return false;
  if (dialect == TextDialect::kPython) {
    if (!exists(date, false)) return false;
    format_date(dialect, {date.year, static_cast<int>(date.month), static_cast<int>(date.day)}, out);
    return true;
  }
  // Java's lenient calendar carries months and days over, by the Julian calendar before October 1582.
  const int64_t months = date.month - 1;
  const int64_t carried = (months >= 0 ? months : months - 11) / 12;
  const int64_t year = date.year + carried;
  const auto month = static_cast<int>(months - carried * 12 + 1);
  EpochDay day = gregorian_day(year, month, 1) + date.day - 1;
  if (day < kGregorianCutover) day = julian_day(year, month, 1) + date.day - 1;
  const WrittenDay result = day < kGregorianCutover ? julian_date(day) : gregorian_date(day);
  format_date_without_sign(result, out);
  return true;
}

}  // namespace linkwright
