#include "token/gregorian_calendar.h"

#include "base/gregorian.h"

namespace linkwright {
namespace {

void append_padded(int64_t value, size_t width, std::string* out) {
  const std::string digits = std::to_string(value);
  if (digits.size() < width) out->append(width - digits.size(), '0');
  out->append(digits);
}

void append_month_and_day(const WrittenDay& date, std::string* out) {
  out->push_back('-');
  append_padded(date.month, 2, out);
  out->push_back('-');
  append_padded(date.day, 2, out);
}

int64_t year_of_era(const WrittenDay& date) { return date.year > 0 ? date.year : 1 - date.year; }

}  // namespace

int gregorian_days_in_month(int64_t year, int month) { return static_cast<int>(days_in_month(year, month)); }

EpochDay gregorian_day(int64_t year, int month, int64_t day) { return days_from_civil({year, month, day}); }

WrittenDay gregorian_date(EpochDay day) {
  const CivilDate date = civil_from_days(day);
  return {date.year, static_cast<int>(date.month), static_cast<int>(date.day)};
}

// The same way: years begin in March.
EpochDay julian_day(int64_t year, int month, int64_t day) {
  const int64_t y = year - (month <= 2 ? 1 : 0);
  const int64_t era = (y >= 0 ? y : y - 3) / 4;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 1461 + (y - era * 4) * 365 + day_of_year - 719470;
}

WrittenDay julian_date(EpochDay day) {
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

void format_date(TextDialect dialect, const WrittenDay& date, std::string* out) {
  out->clear();
  const int64_t year = year_of_era(date);
  if (dialect == TextDialect::kJava) {
    if (year > 9999) out->push_back('+');
    append_padded(year, 4, out);
  } else {
    append_padded(year, 1, out);
  }
  append_month_and_day(date, out);
}

void format_date_without_sign(const WrittenDay& date, std::string* out) {
  out->clear();
  append_padded(year_of_era(date), 4, out);
  append_month_and_day(date, out);
}

std::optional<EpochDay> canonical_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  auto digit = [&](size_t i) { return static_cast<unsigned>(text[i] - '0'); };
  unsigned not_digits = 0;
  for (size_t i : {0, 1, 2, 3, 5, 6, 8, 9}) not_digits |= digit(i) > 9 ? 1 : 0;
  if (not_digits != 0) return std::nullopt;
  const auto year = static_cast<int64_t>(digit(0) * 1000 + digit(1) * 100 + digit(2) * 10 + digit(3));
  const auto month = static_cast<int>(digit(5) * 10 + digit(6));
  const auto day = static_cast<int>(digit(8) * 10 + digit(9));
  if (year < 1600 || month < 1 || month > 12 || day < 1 || day > gregorian_days_in_month(year, month))
    return std::nullopt;
  return gregorian_day(year, month, day);
}

Result<EpochDay> parse_iso_date(std::string_view text) {
  if (auto day = canonical_day(text)) return *day;
  return Status::Invalid("'", text, "' is not a date; write it as yyyy-MM-dd, for example 2026-11-20");
}

std::string format_iso_date(EpochDay day) {
  std::string out;
  format_date(TextDialect::kJava, gregorian_date(day), &out);
  return out;
}

}  // namespace linkwright
