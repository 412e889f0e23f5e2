#include "token/calendar_date.h"

#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include <array>
#include <chrono>
#include <optional>

#include "token/unicode_text.h"

namespace linkwright {
namespace {

constexpr int64_t kMsPerDay = 86'400'000;
constexpr EpochDay kFirstBirthDate = -21915;  // 1910-01-01
// Java's calendar is Julian before this day, so a written date there is another day of LocalDate.
constexpr EpochDay kGregorianCutover = -141427;  // 1582-10-15

struct Civil {
  int64_t year;
  int month;
  int day;
};

bool is_leap(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int days_in_month(int64_t year, int month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[static_cast<size_t>(month - 1)];
}

// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
EpochDay days_from_civil(int64_t year, int month, int64_t day) {
  const int64_t y = year - (month <= 2 ? 1 : 0);
  const int64_t era = (y >= 0 ? y : y - 399) / 400;
  const int64_t year_of_era = y - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

Civil civil_from_days(EpochDay day) {
  const int64_t z = day + 719468;
  const int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  const int64_t day_of_era = z - era * 146097;
  const int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const auto month = static_cast<int>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month,
          static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1)};
}

EpochDay days_from_julian(int64_t year, int month, int64_t day) {
  const int64_t y = year - (month <= 2 ? 1 : 0);
  const int64_t era = (y >= 0 ? y : y - 3) / 4;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 1461 + (y - era * 4) * 365 + day_of_year - 719470;
}

Civil julian_from_days(EpochDay day) {
  const int64_t z = day + 719470;
  const int64_t era = (z >= 0 ? z : z - 1460) / 1461;
  const int64_t day_of_era = z - era * 1461;
  const int64_t year_of_era = (day_of_era - day_of_era / 1460) / 365;
  const int64_t day_of_year = day_of_era - 365 * year_of_era;
  const int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const auto month = static_cast<int>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  return {year_of_era + era * 4 + (month <= 2 ? 1 : 0), month,
          static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1)};
}

void append_padded(int64_t value, size_t width, std::string* out) {
  const std::string digits = std::to_string(value);
  if (digits.size() < width) out->append(width - digits.size(), '0');
  out->append(digits);
}

/// yyyy-MM-dd: Java writes the year of the era with at least four digits and a plus sign beyond 9999; Python (glibc
/// strftime) does not pad it.
void format_date(TextDialect dialect, const Civil& date, std::string* out) {
  out->clear();
  const int64_t year = date.year > 0 ? date.year : 1 - date.year;
  if (dialect == TextDialect::kJava) {
    if (year > 9999) out->push_back('+');
    append_padded(year, 4, out);
  } else {
    append_padded(year, 1, out);
  }
  out->push_back('-');
  append_padded(date.month, 2, out);
  out->push_back('-');
  append_padded(date.day, 2, out);
}

/// What a text says, field by field, before anyone asks whether such a day exists.
struct WrittenDate {
  int64_t year = 1;
  int64_t month = 1;
  int64_t day = 1;
  bool is_timestamp = false;
  int64_t hour = 0;
  int64_t minute = 0;
  int64_t second = 0;
  int64_t millisecond = 0;
  int64_t offset_minutes = 0;
};

/// Reads fields of a date off a text, the way Java's FastDateParser or Python's strptime reads them.
template <class Char>
class DateCursor {
 public:
  DateCursor(TextDialect dialect, std::basic_string_view<Char> text) : dialect_(dialect), text_(text) {}

  bool at_end() const { return at_ == text_.size(); }
  char32_t peek() const { return at_end() ? 0 : code_of(text_[at_]); }

  bool literal(char c) {
    if (at_end() || code_of(text_[at_]) != code_of(c)) return false;
    ++at_;
    return true;
  }

  /// Java: blanks, then any number of digits of any script, as much as fits an int.
  bool java_number(int64_t* value) {
    while (!at_end() && is_blank(TextDialect::kJava, code_of(text_[at_]))) ++at_;
    const size_t start = at_;
    *value = 0;
    for (int digit; !at_end() && (digit = any_digit(at_)) >= 0; ++at_) {
      *value = *value * 10 + digit;
      if (*value > INT32_MAX) return false;
    }
    return at_ > start;
  }

  /// Exactly `count` digits.
  bool digits(size_t count, int64_t* value) {
    *value = 0;
    for (size_t i = 0; i < count; ++i, ++at_) {
      const int digit = at_end() ? -1 : digit_value(dialect_, code_of(text_[at_]));
      if (digit < 0) return false;
      *value = *value * 10 + digit;
    }
    return true;
  }

  /// Python %m: 1[0-2]|0[1-9]|[1-9], the digits ASCII.
  bool python_month(int64_t* value) {
    const int first = ascii_digit(at_);
    const int second = ascii_digit(at_ + 1);
    if ((first == 1 && second >= 0 && second <= 2) || (first == 0 && second >= 1))
      return take(first * 10 + second, 2, value);
    return first >= 1 && take(first, 1, value);
  }

  /// Python %d: 3[0-1]|[1-2]\d|0[1-9]|[1-9]| [1-9].
  bool python_day(int64_t* value) {
    const int first = ascii_digit(at_);
    const int second = ascii_digit(at_ + 1);
    if (first == 3 && second >= 0 && second <= 1) return take(30 + second, 2, value);
    if (first == 1 || first == 2) {
      const int any = at_ + 1 < text_.size() ? digit_value(dialect_, code_of(text_[at_ + 1])) : -1;
      if (any >= 0) return take(first * 10 + any, 2, value);
    }
    if (first == 0 && second >= 1) return take(second, 2, value);
    if (first >= 1) return take(first, 1, value);
    return peek() == ' ' && second >= 1 && take(second, 2, value);
  }

  /// Python %H (limit 2, 3), %M and %S (5, 9): two digits when the first leaves room, else one.
  bool python_clock(int most_tens, int most_units_of_most_tens, int64_t* value) {
    const int first = ascii_digit(at_);
    const int second = at_ + 1 < text_.size() ? digit_value(dialect_, code_of(text_[at_ + 1])) : -1;
    const bool two =
        first >= 0 && second >= 0 && (first < most_tens || (first == most_tens && second <= most_units_of_most_tens));
    if (two) return take(first * 10 + second, 2, value);
    const int any = at_end() ? -1 : digit_value(dialect_, code_of(text_[at_]));
    return any >= 0 && take(any, 1, value);
  }

  /// Python %f: one to six ASCII digits.
  bool python_fraction() {
    const size_t start = at_;
    while (at_ < start + 6 && ascii_digit(at_) >= 0) ++at_;
    return at_ > start;
  }

  void skip(size_t count) { at_ += count; }

 private:
  int any_digit(size_t i) const {
    const char32_t c = code_of(text_[i]);
    return c < 0x80 ? ascii_digit(i) : unicode_digit_value(c);
  }
  int ascii_digit(size_t i) const {
    if (i >= text_.size()) return -1;
    const char32_t c = code_of(text_[i]);
    return c >= '0' && c <= '9' ? static_cast<int>(c - '0') : -1;
  }
  bool take(int64_t number, size_t width, int64_t* value) {
    *value = number;
    at_ += width;
    return true;
  }

  TextDialect dialect_;
  std::basic_string_view<Char> text_;
  size_t at_ = 0;
};

/// Order of the fields in one of the five written forms, and what stands between them.
struct DateForm {
  char separator;
  std::string_view order;
};
constexpr std::array<DateForm, 5> kForms = {{{'-', "ymd"}, {'/', "ymd"}, {'/', "mdy"}, {'-', "mdy"}, {'.', "dmy"}}};

template <class Char>
bool read_field(TextDialect dialect, char field, DateCursor<Char>* cursor, WrittenDate* date) {
  int64_t* const value = field == 'y' ? &date->year : field == 'm' ? &date->month : &date->day;
  if (dialect == TextDialect::kJava) return cursor->java_number(value);
  if (field == 'y') return cursor->digits(4, value);
  return field == 'm' ? cursor->python_month(value) : cursor->python_day(value);
}

template <class Char>
bool read_form(TextDialect dialect, const DateForm& form, DateCursor<Char>* cursor, WrittenDate* date) {
  for (size_t i = 0; i < form.order.size(); ++i) {
    if (i > 0 && !cursor->literal(form.separator)) return false;
    if (!read_field(dialect, form.order[i], cursor, date)) return false;
  }
  return true;
}

template <class Char>
bool read_java_clock(DateCursor<Char>* cursor, WrittenDate* date) {
  if (!cursor->literal('T') || !cursor->java_number(&date->hour) || !cursor->literal(':') ||
      !cursor->java_number(&date->minute) || !cursor->literal(':') || !cursor->java_number(&date->second)) {
    return false;
  }
  if (cursor->literal('.') && !cursor->java_number(&date->millisecond)) return false;
  if (cursor->literal('Z')) return true;
  const bool negative = cursor->peek() == '-';
  int64_t hours = 0;
  int64_t minutes = 0;
  if (!cursor->literal(negative ? '-' : '+') || !cursor->digits(2, &hours)) return false;
  if (cursor->literal(':') && !cursor->digits(2, &minutes)) return false;
  date->offset_minutes = (negative ? -1 : 1) * (hours * 60 + minutes);
  return hours < 24 && minutes < 60;
}

template <class Char>
bool read_python_clock(DateCursor<Char>* cursor, WrittenDate* date) {
  if (!(cursor->literal('T') || cursor->literal('t')) || !cursor->python_clock(2, 3, &date->hour) ||
      !cursor->literal(':') || !cursor->python_clock(5, 9, &date->minute) || !cursor->literal(':') ||
      !cursor->python_clock(5, 9, &date->second)) {
    return false;
  }
  if (cursor->literal('.') && !cursor->python_fraction()) return false;
  if (cursor->literal('Z') || cursor->literal('z')) return true;
  const bool negative = cursor->peek() == '-';
  int64_t hours = 0;
  int64_t minutes = 0;
  if (!cursor->literal(negative ? '-' : '+') || !cursor->digits(2, &hours)) return false;
  cursor->literal(':');
  return cursor->digits(2, &minutes) && hours < 24 && minutes < 60;
}

bool exists(const WrittenDate& date, bool julian) {
  if (date.year < 1 || date.month < 1 || date.month > 12 || date.day < 1) return false;
  const auto month = static_cast<int>(date.month);
  const int julian_leap_day = julian && month == 2 && date.year % 4 == 0 ? 29 : 0;
  if (date.day > std::max(days_in_month(date.year, month), julian_leap_day)) return false;
  return date.hour < 24 && date.minute < 60 && date.second < 60 && date.millisecond < 1000;
}

/// The day a written date means, by the reference's calendar; nothing for a day that does not exist.
std::optional<EpochDay> resolve(const ProfileTraits& traits, const DateContext& context, const WrittenDate& date) {
  const auto month = static_cast<int>(date.month);
  if (traits.is_python()) {
    if (!exists(date, false)) return std::nullopt;
    return days_from_civil(date.year, month, date.day);  // the written date, whatever its offset
  }
  const bool julian =
      date.year < 1582 || (date.year == 1582 && (date.month < 10 || (date.month == 10 && date.day < 15)));
  if (!exists(date, julian)) return std::nullopt;
  if (julian && date.year == 1582 && date.month == 10 && date.day > 4) return std::nullopt;  // the days left out
  const EpochDay day =
      julian ? days_from_julian(date.year, month, date.day) : days_from_civil(date.year, month, date.day);
  if (!date.is_timestamp) return day;
  const int64_t minutes = date.hour * 60 + date.minute - date.offset_minutes;
  return context.time_zone->day_of(day * kMsPerDay + (minutes * 60 + date.second) * 1000 + date.millisecond);
}

/// The day of a text in any of the forms. Java reads numbers of any width, so "01/02/2000" is read as the second day of
/// a first year, found impossible, and read again in the next form.
template <class Char>
std::optional<EpochDay> day_of_text(const ProfileTraits& traits, const DateContext& context,
                                    std::basic_string_view<Char> text) {
  for (const DateForm& form : kForms) {
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

template <class Char>
bool is_digit_at(TextDialect dialect, std::basic_string_view<Char> text, size_t i) {
  return digit_value(dialect, code_of(text[i])) >= 0;
}

/// A pattern of 'd' for a digit and literal characters, matched against the whole text.
template <class Char>
bool has_shape(TextDialect dialect, std::basic_string_view<Char> text, std::string_view shape) {
  if (text.size() != shape.size()) return false;
  for (size_t i = 0; i < shape.size(); ++i) {
    const bool fits = shape[i] == 'd' ? is_digit_at(dialect, text, i) : code_of(text[i]) == code_of(shape[i]);
    if (!fits) return false;
  }
  return true;
}

template <class Char>
bool has_timestamp_shape(TextDialect dialect, std::basic_string_view<Char> text) {
  constexpr std::string_view kClock = "dddd-dd-ddTdd:dd:dd";
  if (text.size() < kClock.size() || !has_shape(dialect, text.substr(0, kClock.size()), kClock)) return false;
  text.remove_prefix(kClock.size());
  if (text.size() >= 4 && has_shape(dialect, text.substr(0, 4), ".ddd")) text.remove_prefix(4);
  return text.empty() || has_shape(dialect, text, "Z") || has_shape(dialect, text, "+dd:dd") ||
         has_shape(dialect, text, "-dd:dd");
}

/// dddd[-/]dd[-/]dd | dd[-/.]dd[-/.]dddd | a timestamp; each separator for itself, as the references write it.
template <class Char>
bool has_date_shape(TextDialect dialect, std::basic_string_view<Char> text) {
  // Python's $ also stands before a final line feed.
  if (dialect == TextDialect::kPython && !text.empty() && code_of(text.back()) == '\n') text.remove_suffix(1);
  if (text.size() != 10) return has_timestamp_shape(dialect, text);
  auto separator = [&](size_t i, bool dot) {
    const char32_t c = code_of(text[i]);
    return c == '-' || c == '/' || (dot && c == '.');
  };
  auto digits = [&](std::initializer_list<size_t> places) {
    for (size_t i : places) {
      if (!is_digit_at(dialect, text, i)) return false;
    }
    return true;
  };
  if (digits({0, 1, 2, 3, 5, 6, 8, 9}) && separator(4, false) && separator(7, false)) return true;
  return digits({0, 1, 3, 4, 6, 7, 8, 9}) && separator(2, true) && separator(5, true);
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

/// The day of a text that is dddd-dd-dd already and exists: no reading, no writing.
std::optional<EpochDay> canonical_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  auto digit = [&](size_t i) { return static_cast<unsigned>(text[i] - '0'); };
  unsigned not_digits = 0;
  for (size_t i : {0, 1, 2, 3, 5, 6, 8, 9}) not_digits |= digit(i) > 9 ? 1 : 0;
  if (not_digits != 0) return std::nullopt;
  const auto year = static_cast<int64_t>(digit(0) * 1000 + digit(1) * 100 + digit(2) * 10 + digit(3));
  const auto month = static_cast<int>(digit(5) * 10 + digit(6));
  const auto day = static_cast<int>(digit(8) * 10 + digit(9));
  if (year < 1600 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) return std::nullopt;
  return days_from_civil(year, month, day);
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
  format_date(traits.dialect, civil_from_days(*date.day), buffer);
  return AttributeValue::of(date.has_shape && *date.day >= first && *date.day <= last, *buffer);
}

}  // namespace

struct TimeZone::Rules {
  std::unique_ptr<icu::TimeZone> zone;
};

TimeZone::TimeZone(std::string name) : name_(std::move(name)), rules_(std::make_unique<Rules>()) {
  rules_->zone.reset(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(name_)));
}

TimeZone::~TimeZone() = default;

Result<std::shared_ptr<const TimeZone>> TimeZone::make(std::string_view name) {
  auto zone = std::make_shared<const TimeZone>(std::string(name));
  if (*zone->rules_->zone == icu::TimeZone::getUnknown()) {
    return Status::Invalid("unknown time zone '", name, "'; give a name of the IANA database such as UTC or ",
                           "America/New_York");
  }
  return zone;
}

EpochDay TimeZone::day_of(int64_t epoch_ms) const {
  int32_t raw_offset = 0;
  int32_t daylight_offset = 0;
  UErrorCode error = U_ZERO_ERROR;
  rules_->zone->getOffset(static_cast<UDate>(epoch_ms), false, raw_offset, daylight_offset, error);
  const int64_t local = epoch_ms + raw_offset + daylight_offset;
  return (local >= 0 ? local : local - (kMsPerDay - 1)) / kMsPerDay;
}

EpochDay TimeZone::today() const {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return day_of(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

Result<EpochDay> parse_iso_date(std::string_view text) {
  if (auto day = canonical_day(text)) return *day;
  return Status::Invalid("'", text, "' is not a date; write it as yyyy-MM-dd, for example 2026-11-20");
}

std::string format_iso_date(EpochDay day) {
  std::string out;
  format_date(TextDialect::kJava, civil_from_days(day), &out);
  return out;
}

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
  if (!read_form(dialect, kForms[0], &cursor, &date) || !cursor.at_end()) return false;
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
  EpochDay day = days_from_civil(year, month, 1) + date.day - 1;
  if (day < kGregorianCutover) day = days_from_julian(year, month, 1) + date.day - 1;
  const Civil result = day < kGregorianCutover ? julian_from_days(day) : civil_from_days(day);
  out->clear();
  append_padded(result.year > 0 ? result.year : 1 - result.year, 4, out);
  out->push_back('-');
  append_padded(result.month, 2, out);
  out->push_back('-');
  append_padded(result.day, 2, out);
  return true;
}

}  // namespace linkwright
