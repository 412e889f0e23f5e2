#include "expr/calendar.h"

#include <array>
#include <cctype>
#include <cstdio>

#include "base/ascii.h"

namespace linkwright {
namespace {

// DuckDB's dates end near the year 5,881,580; this bound keeps all arithmetic on days and microseconds far from
// overflow.
constexpr int64_t kMostYears = 290'000;

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool done() const { return cursor_ >= text_.size(); }
  char peek() const { return done() ? '\0' : text_[cursor_]; }
  bool take(char c) {
    if (peek() != c || done()) return false;
    ++cursor_;
    return true;
  }
  bool skip_blanks() {
    const size_t start = cursor_;
    while (!done() && is_blank(text_[cursor_])) ++cursor_;
    return cursor_ > start;
  }
  std::optional<int64_t> number(int most_digits) {
    if (!is_digit(peek())) return std::nullopt;
    int64_t value = 0;
    for (int digits = 0; digits < most_digits && is_digit(peek()); ++digits)
      value = value * 10 + (text_[cursor_++] - '0');
    return value;
  }
  void skip_digits() {
    while (is_digit(peek())) ++cursor_;
  }
  std::string_view rest() const { return text_.substr(cursor_); }

 private:
  std::string_view text_;
  size_t cursor_ = 0;
};

bool take_bc(Scanner& scanner) {
  if (!scanner.rest().starts_with(" (BC)")) return false;
  for (int i = 0; i < 5; ++i) scanner.take(scanner.peek());
  return true;
}

std::optional<int64_t> scan_date(Scanner& scanner) {
  scanner.skip_blanks();
  const bool negative = scanner.take('-');
  constexpr int kMostYearDigits = 6;
  const std::optional<int64_t> year = scanner.number(kMostYearDigits);
  const char separator = scanner.peek();
  if (!year || (separator != '-' && separator != '/' && separator != ' ' && separator != '\\')) return std::nullopt;
  scanner.take(separator);
  const std::optional<int64_t> month = scanner.number(2);
  if (!month || !scanner.take(separator)) return std::nullopt;
  const std::optional<int64_t> day = scanner.number(2);
  if (!day || is_digit(scanner.peek())) return std::nullopt;
  CivilDate date{negative ? -*year : *year, *month, *day};
  if (take_bc(scanner)) date.year = 1 - date.year;
  return is_valid(date) ? std::optional(days_from_civil(date)) : std::nullopt;
}

// The digits after the point of the seconds; more than six are dropped.
int64_t scan_fraction(Scanner& scanner) {
  int64_t micros = 0;
  int64_t unit = kMicrosPerSecond / 10;
  for (; unit > 0; unit /= 10) {
    const std::optional<int64_t> digit = scanner.number(1);
    if (!digit) return micros;
    micros += *digit * unit;
  }
  scanner.skip_digits();
  return micros;
}

// HH:MM[:SS[.ffffff]] in microseconds; 24:00:00 is the end of the day.
std::optional<int64_t> scan_time(Scanner& scanner) {
  const std::optional<int64_t> hour = scanner.number(2);
  if (!hour || !scanner.take(':')) return std::nullopt;
  const std::optional<int64_t> minute = scanner.number(2);
  if (!minute) return std::nullopt;
  int64_t second = 0;
  int64_t micros = 0;
  if (scanner.take(':')) {
    const std::optional<int64_t> seconds = scanner.number(2);
    if (!seconds) return std::nullopt;
    second = *seconds;
    if (scanner.take('.')) micros = scan_fraction(scanner);
  }
  const int64_t total = *hour * kMicrosPerHour + *minute * kMicrosPerMinute + second * kMicrosPerSecond + micros;
  if (*minute > 59 || second > 59 || total > kMicrosPerDay) return std::nullopt;
  return total;
}

// Z, +HH[:MM[:SS]], or a blank and the name of a zone.
bool scan_zone(Scanner& scanner) {
  if (scanner.take('Z')) return true;
  if (scanner.take('+') || scanner.take('-')) {
    if (!scanner.number(2)) return false;
    while (scanner.take(':')) {
      if (!scanner.number(2)) return false;
    }
    return true;
  }
  if (!scanner.skip_blanks()) return true;
  while (std::isalnum(static_cast<unsigned char>(scanner.peek())) != 0 || scanner.peek() == '/' ||
         scanner.peek() == '_') {
    scanner.take(scanner.peek());
  }
  return true;
}

std::optional<int64_t> scan_timestamp(std::string_view text, bool allows_blanks_after_date) {
  Scanner scanner(text);
  const std::optional<int64_t> days = scan_date(scanner);
  if (!days) return std::nullopt;
  if (scanner.done()) return *days * kMicrosPerDay;
  if (!scanner.take('T') && !scanner.skip_blanks()) return std::nullopt;
  if (scanner.done() && allows_blanks_after_date) return *days * kMicrosPerDay;
  const std::optional<int64_t> time = scan_time(scanner);
  if (!time || !scan_zone(scanner)) return std::nullopt;
  scanner.skip_blanks();
  return scanner.done() ? std::optional(*days * kMicrosPerDay + *time) : std::nullopt;
}

}  // namespace

bool is_valid(const CivilDate& date) {
  return date.year >= -kMostYears && date.year <= kMostYears && date.month >= 1 && date.month <= 12 && date.day >= 1 &&
         date.day <= days_in_month(date.year, date.month);
}

int64_t day_of_week(int64_t days) {
  constexpr int64_t kThursday = 4;  // 1970-01-01
  const int64_t shifted = days + kThursday;
  return shifted - floor_divide(shifted, 7) * 7;
}

int64_t iso_day_of_week(int64_t days) {
  const int64_t day = day_of_week(days);
  return day == 0 ? 7 : day;
}

int64_t day_of_year(int64_t days) { return days - days_from_civil({civil_from_days(days).year, 1, 1}) + 1; }

// A week belongs to the year of its Thursday.
IsoWeek iso_week(int64_t days) {
  const int64_t thursday = days - iso_day_of_week(days) + 4;
  return {civil_from_days(thursday).year, (day_of_year(thursday) - 1) / 7 + 1};
}

std::string padded(int64_t value, int width) {
  std::array<char, 24> buffer;
  const int size = std::snprintf(buffer.data(), buffer.size(), "%0*lld", width, static_cast<long long>(value));
  return {buffer.data(), static_cast<size_t>(size)};
}

std::string format_date(int64_t days) {
  const CivilDate date = civil_from_days(days);
  const bool is_bc = date.year <= 0;
  return padded(is_bc ? 1 - date.year : date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2) +
         (is_bc ? " (BC)" : "");
}

std::string format_timestamp(int64_t micros) {
  const int64_t days = floor_divide(micros, kMicrosPerDay);
  const int64_t time = micros - days * kMicrosPerDay;
  std::string text = format_date(days) + " " + padded(time / kMicrosPerHour, 2) + ":" +
                     padded(time / kMicrosPerMinute % 60, 2) + ":" + padded(time / kMicrosPerSecond % 60, 2);
  if (const int64_t fraction = time % kMicrosPerSecond; fraction != 0) {
    text += "." + padded(fraction, 6);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text;
}

std::optional<int64_t> parse_date(std::string_view text) {
  const std::optional<int64_t> timestamp = scan_timestamp(text, true);
  return timestamp ? std::optional(floor_divide(*timestamp, kMicrosPerDay)) : std::nullopt;
}

std::optional<int64_t> parse_timestamp(std::string_view text) { return scan_timestamp(text, false); }

}  // namespace linkwright
