#include "expr/date_format.h"

#include <array>

#include "base/ascii.h"
#include "base/column_name.h"
#include "expr/calendar.h"

namespace linkwright {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                      "May",       "June",     "July",     "August",
                                                      "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};
constexpr size_t kShortName = 3;
constexpr std::string_view kSpecifiers = "YymBbdjHIpMSfgnaAuwUWGVzZ";

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  return is_same_but_for_case(text.substr(0, prefix.size()), prefix);
}

// What a text said, and the date that follows from it.
struct ParsedMoment {
  CivilDate date{1900, 1, 1};
  std::optional<int64_t> day_of_year;
  std::optional<int64_t> iso_year;
  std::optional<int64_t> iso_week;
  std::optional<int64_t> sunday_week;  // %U
  std::optional<int64_t> monday_week;  // %W
  std::optional<int64_t> weekday;      // 0 is Sunday
  int64_t hour = 0;
  int64_t minute = 0;
  int64_t second = 0;
  int64_t micros = 0;
  int64_t offset_minutes = 0;
  std::optional<bool> is_afternoon;
  bool has_twelve_hours = false;

  std::optional<int64_t> days() const {
    if (iso_year || iso_week) {
      const int64_t january_4 = days_from_civil({iso_year.value_or(date.year), 1, 4});
      const int64_t monday = january_4 - iso_day_of_week(january_4) + 1;
      const int64_t day = weekday.value_or(1) == 0 ? 7 : weekday.value_or(1);
      return monday + (iso_week.value_or(1) - 1) * 7 + day - 1;
    }
    if (sunday_week || monday_week) return days_of_week_number();
    if (day_of_year) {
      if (*day_of_year > (is_leap_year(date.year) ? 366 : 365)) return std::nullopt;
      return days_from_civil({date.year, 1, 1}) + *day_of_year - 1;
    }
    return is_valid(date) ? std::optional(days_from_civil(date)) : std::nullopt;
  }

  // Week 1 begins with the first Sunday (Monday) of the year.
  int64_t days_of_week_number() const {
    const int64_t new_year = days_from_civil({date.year, 1, 1});
    const bool from_sunday = sunday_week.has_value();
    const int64_t to_first = (7 - (from_sunday ? day_of_week(new_year) : iso_day_of_week(new_year) - 1)) % 7;
    const int64_t week = from_sunday ? *sunday_week : *monday_week;
    const int64_t day = from_sunday ? weekday.value_or(0) : (weekday.value_or(1) + 6) % 7;
    return new_year + to_first + (week - 1) * 7 + day;
  }

  std::optional<int64_t> total() const {
    const std::optional<int64_t> day_count = days();
    if (!day_count) return std::nullopt;
    int64_t hours = hour;
    if (has_twelve_hours && is_afternoon) hours = hour % 12 + (*is_afternoon ? 12 : 0);
    return *day_count * kMicrosPerDay + hours * kMicrosPerHour + (minute - offset_minutes) * kMicrosPerMinute +
           second * kMicrosPerSecond + micros;
  }
};

class MomentReader {
 public:
  explicit MomentReader(std::string_view text) : text_(text) {}

  void skip_blanks() {
    while (!text_.empty() && is_blank(text_.front())) text_.remove_prefix(1);
  }
  bool done() const { return text_.empty(); }

  // A blank in the format stands for one or more in the text.
  bool literal(std::string_view expected) {
    for (const char c : expected) {
      if (text_.empty() || (is_blank(c) ? !is_blank(text_.front()) : text_.front() != c)) return false;
      text_.remove_prefix(1);
      if (is_blank(c)) skip_blanks();
    }
    return true;
  }

  bool part(char specifier, ParsedMoment& moment) {
    switch (specifier) {
      case 'Y':
        return number(4, 0, 9999, moment.date.year);
      case 'y':
        return short_year(moment);
      case 'm':
        return number(2, 1, 12, moment.date.month);
      case 'd':
        return number(2, 1, 31, moment.date.day);
      case 'j':
        return optional_number(3, 1, 366, moment.day_of_year);
      case 'H':
        return number(2, 0, 23, moment.hour);
      case 'I':
        moment.has_twelve_hours = true;
        return number(2, 1, 12, moment.hour);
      case 'M':
        return number(2, 0, 59, moment.minute);
      case 'S':
        return number(2, 0, 59, moment.second);
      case 'f':
        return fraction(6, moment.micros);
      case 'g':
        return fraction(3, moment.micros);
      case 'n':
        return fraction(9, moment.micros);
      case 'b':
        return month_name(kShortName, moment);
      case 'B':
        return month_name(std::string_view::npos, moment);
      case 'a':
        return day_name(kShortName, moment);
      case 'A':
        return day_name(std::string_view::npos, moment);
      case 'p':
        return half_of_day(moment);
      case 'u':
        return iso_weekday(moment);
      case 'w':
        return optional_number(1, 0, 6, moment.weekday);
      case 'U':
        return optional_number(2, 0, 53, moment.sunday_week);
      case 'W':
        return optional_number(2, 0, 53, moment.monday_week);
      case 'G':
        return optional_number(4, 0, 9999, moment.iso_year);
      case 'V':
        return optional_number(2, 1, 53, moment.iso_week);
      case 'z':
        return zone_offset(moment);
      default:
        return zone_name();  // Z
    }
  }

 private:
  bool number(int most_digits, int64_t low, int64_t high, int64_t& result) {
    int64_t value = 0;
    int digits = 0;
    for (; digits < most_digits && !text_.empty() && is_digit(text_.front()); ++digits) {
      value = value * 10 + (text_.front() - '0');
      text_.remove_prefix(1);
    }
    if (digits == 0 || value < low || value > high) return false;
    result = value;
    return true;
  }

  bool optional_number(int most_digits, int64_t low, int64_t high, std::optional<int64_t>& result) {
    int64_t value = 0;
    if (!number(most_digits, low, high, value)) return false;
    result = value;
    return true;
  }

  bool short_year(ParsedMoment& moment) {
    int64_t year = 0;
    if (!number(2, 0, 99, year)) return false;
    constexpr int64_t kFirstOf1900s = 69;
    moment.date.year = year + (year >= kFirstOf1900s ? 1900 : 2000);
    return true;
  }

  bool fraction(int most_digits, int64_t& micros) {
    int64_t unit = kMicrosPerSecond / 10;
    int digits = 0;
    micros = 0;
    for (; digits < most_digits && !text_.empty() && is_digit(text_.front()); ++digits) {
      micros += (text_.front() - '0') * unit;
      unit /= 10;
      text_.remove_prefix(1);
    }
    return digits > 0;
  }

  template <size_t kCount>
  std::optional<int64_t> name(const std::array<std::string_view, kCount>& names, size_t letters) {
    for (size_t i = 0; i < kCount; ++i) {
      const std::string_view candidate = names[i].substr(0, letters);
      if (!starts_with_ignoring_case(text_, candidate)) continue;
      text_.remove_prefix(candidate.size());
      return static_cast<int64_t>(i);
    }
    return std::nullopt;
  }

  bool month_name(size_t letters, ParsedMoment& moment) {
    const std::optional<int64_t> month = name(kMonths, letters);
    if (month) moment.date.month = *month + 1;
    return month.has_value();
  }

  bool day_name(size_t letters, ParsedMoment& moment) {
    const std::optional<int64_t> day = name(kDays, letters);
    if (day) moment.weekday = *day;
    return day.has_value();
  }

  bool half_of_day(ParsedMoment& moment) {
    const bool is_afternoon = starts_with_ignoring_case(text_, "pm");
    if (!is_afternoon && !starts_with_ignoring_case(text_, "am")) return false;
    moment.is_afternoon = is_afternoon;
    text_.remove_prefix(2);
    return true;
  }

  bool iso_weekday(ParsedMoment& moment) {
    int64_t day = 0;
    if (!number(1, 1, 7, day)) return false;
    moment.weekday = day % 7;
    return true;
  }

  // +HH, +HHMM or +HH:MM
  bool zone_offset(ParsedMoment& moment) {
    if (text_.empty() || (text_.front() != '+' && text_.front() != '-')) return false;
    const int64_t sign = text_.front() == '-' ? -1 : 1;
    text_.remove_prefix(1);
    int64_t hours = 0;
    int64_t minutes = 0;
    if (!number(2, 0, 99, hours)) return false;
    if (text_.starts_with(':')) text_.remove_prefix(1);
    if (!text_.empty() && is_digit(text_.front()) && !number(2, 0, 59, minutes)) return false;
    moment.offset_minutes = sign * (hours * 60 + minutes);
    return true;
  }

  bool zone_name() {
    const auto is_zone = [](char c) {
      return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'z') || c == '_' || c == '/';
    };
    size_t size = 0;
    while (size < text_.size() && is_zone(text_[size])) ++size;
    text_.remove_prefix(size);
    return size > 0;
  }

  std::string_view text_;
};

std::string format_part(char specifier, bool is_padded, int64_t days, int64_t time) {
  const CivilDate date = civil_from_days(days);
  const auto two = [&](int64_t value) { return is_padded ? padded(value, 2) : std::to_string(value); };
  const int64_t hour = time / kMicrosPerHour;
  const int64_t new_year_offset = day_of_year(days) - 1;
  switch (specifier) {
    case 'Y':
      return date.year < 0 ? std::to_string(date.year) : padded(date.year, 4);
    case 'y':
      return two((date.year % 100 + 100) % 100);
    case 'm':
      return two(date.month);
    case 'B':
      return std::string(kMonths[static_cast<size_t>(date.month - 1)]);
    case 'b':
      return std::string(kMonths[static_cast<size_t>(date.month - 1)].substr(0, kShortName));
    case 'd':
      return two(date.day);
    case 'j':
      return is_padded ? padded(new_year_offset + 1, 3) : std::to_string(new_year_offset + 1);
    case 'H':
      return two(hour);
    case 'I':
      return two(hour % 12 == 0 ? 12 : hour % 12);
    case 'p':
      return hour < 12 ? "AM" : "PM";
    case 'M':
      return two(time / kMicrosPerMinute % 60);
    case 'S':
      return two(time / kMicrosPerSecond % 60);
    case 'f':
      return padded(time % kMicrosPerSecond, 6);
    case 'g':
      return padded(time % kMicrosPerSecond / 1000, 3);
    case 'n':
      return padded(time % kMicrosPerSecond * 1000, 9);
    case 'A':
      return std::string(kDays[static_cast<size_t>(day_of_week(days))]);
    case 'a':
      return std::string(kDays[static_cast<size_t>(day_of_week(days))].substr(0, kShortName));
    case 'u':
      return std::to_string(iso_day_of_week(days));
    case 'w':
      return std::to_string(day_of_week(days));
    case 'U':
      return two((new_year_offset + 7 - day_of_week(days)) / 7);
    case 'W':
      return two((new_year_offset + 8 - iso_day_of_week(days)) / 7);
    case 'G':
      return padded(iso_week(days).year, 4);
    case 'V':
      return two(iso_week(days).week);
    case 'z':
      return "+00";
    default:
      return "";  // Z
  }
}

}  // namespace

Result<DateFormat> DateFormat::make(std::string_view format) {
  // The composed specifiers, written out.
  std::string plain;
  for (size_t i = 0; i < format.size(); ++i) {
    const std::string_view two = format.substr(i, 2);
    const std::string_view expansion = two == "%c"   ? "%Y-%m-%d %H:%M:%S"
                                       : two == "%x" ? "%Y-%m-%d"
                                       : two == "%X" ? "%H:%M:%S"
                                                     : std::string_view();
    plain += expansion.empty() ? two.starts_with('%') ? two : two.substr(0, 1) : expansion;
    if (two.starts_with('%')) ++i;
  }
  DateFormat result;
  for (size_t i = 0; i < plain.size(); ++i) {
    const bool is_percent_sign = plain[i] == '%' && i + 1 < plain.size() && plain[i + 1] == '%';
    if (plain[i] != '%' || is_percent_sign) {
      if (result.parts_.empty() || result.parts_.back().specifier != 0) result.parts_.emplace_back();
      result.parts_.back().literal += plain[i];
      i += is_percent_sign ? 1 : 0;
      continue;
    }
    const bool is_padded = !(i + 1 < plain.size() && plain[i + 1] == '-');
    i += is_padded ? 1 : 2;
    if (i >= plain.size() || kSpecifiers.find(plain[i]) == std::string_view::npos) {
      return Status::Invalid("the date format '", format, "' has an unknown specifier %",
                             i < plain.size() ? std::string(1, plain[i]) : "", "; known: ", kSpecifiers, "cxX");
    }
    result.parts_.push_back({plain[i], is_padded, ""});
  }
  return result;
}

std::optional<int64_t> DateFormat::parse(std::string_view text) const {
  MomentReader reader(text);
  ParsedMoment moment;
  reader.skip_blanks();
  for (const Part& part : parts_) {
    const bool fits = part.specifier == 0 ? reader.literal(part.literal) : reader.part(part.specifier, moment);
    if (!fits) return std::nullopt;
  }
  reader.skip_blanks();
  return reader.done() ? moment.total() : std::nullopt;
}

std::string DateFormat::format(int64_t micros) const {
  const int64_t days = floor_divide(micros, kMicrosPerDay);
  const int64_t time = micros - days * kMicrosPerDay;
  std::string text;
  for (const Part& part : parts_) {
    text += part.specifier == 0 ? part.literal : format_part(part.specifier, part.is_padded, days, time);
  }
  return text;
}

}  // namespace linkwright
