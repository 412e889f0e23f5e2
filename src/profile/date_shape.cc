#include "profile/date_shape.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/ascii.h"

namespace linkwright {
namespace {

constexpr std::array<const char*, 19> kFormats{
    "%Y-%m-%d",  "%Y/%m/%d",          "%Y.%m.%d",         "%Y%m%d", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y",
    "%d.%m.%Y",  "%m.%d.%Y",          "%d%m%Y",           "%m%d%Y", "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%b %d, %Y",
    "%B %d, %Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"};
constexpr std::array<std::string_view, 12> kMonths{"january",   "february", "march",    "april",
                                                   "may",       "june",     "july",     "august",
                                                   "september", "october",  "november", "december"};

/// Reads the front of a text piece by piece.
class DateReader {
 public:
  explicit DateReader(std::string_view text) : rest_(text) {}

  bool read_directive(char directive) {
    switch (directive) {
      case 'Y':
        return read_number(4, year_) && year_ >= 1000;
      case 'm':
        return read_number(2, month_);
      case 'd':
        return read_number(2, day_);
      case 'H':
        return read_number(2, ignored_) && ignored_ < 24;
      case 'M':
      case 'S':
        return read_number(2, ignored_) && ignored_ < 60;
      case 'b':
        return read_month(true);
      case 'B':
        return read_month(false);
      default:
        return false;
    }
  }

  bool read_letter(char letter) {
    if (rest_.empty() || rest_.front() != letter) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool is_whole_date() const {
    using namespace std::chrono;
    return rest_.empty() &&
           year_month_day(year(year_), month(static_cast<unsigned>(month_)), day(static_cast<unsigned>(day_))).ok();
  }

 private:
  bool read_number(size_t digits, int& number) {
    if (rest_.size() < digits) return false;
    number = 0;
    for (const char digit : rest_.substr(0, digits)) {
      if (digit < '0' || digit > '9') return false;
      number = number * 10 + (digit - '0');
    }
    rest_.remove_prefix(digits);
    return true;
  }

  bool read_month(bool abbreviated) {
    for (size_t month = 0; month < kMonths.size(); ++month) {
      const std::string_view name = abbreviated ? kMonths[month].substr(0, 3) : kMonths[month];
      if (to_lower(rest_.substr(0, name.size())) != name) continue;
      month_ = static_cast<int>(month) + 1;
      rest_.remove_prefix(name.size());
      return true;
    }
    return false;
  }

  std::string_view rest_;
  int year_ = 0, month_ = 0, day_ = 0, ignored_ = 0;
};

/// The same format with day and month exchanged; "" when one of them is not a number.
std::string with_day_and_month_exchanged(std::string format) {
  const size_t day = format.find("%d"), month = format.find("%m");
  if (day == std::string::npos || month == std::string::npos || format.starts_with("%Y")) return "";
  std::swap(format[day + 1], format[month + 1]);
  return format;
}

double share_of(std::span<const std::string> texts, std::string_view format) {
  const auto dates =
      std::count_if(texts.begin(), texts.end(), [&](const auto& text) { return is_date_of(text, format); });
  return texts.empty() ? 0 : static_cast<double>(dates) / static_cast<double>(texts.size());
}

}  // namespace

bool is_date_of(std::string_view text, std::string_view format) {
  DateReader reader(text);
  for (size_t i = 0; i < format.size(); ++i) {
    const bool is_directive = format[i] == '%' && i + 1 < format.size();
    if (is_directive ? !reader.read_directive(format[++i]) : !reader.read_letter(format[i])) return false;
  }
  return reader.is_whole_date();
}

DateFormatGuess guess_date_format(std::span<const std::string> texts) {
  DateFormatGuess best;
  for (const char* format : kFormats) {
    const double share = share_of(texts, format);
    if (share > best.share) best = {format, share, false};
  }
  const std::string exchanged = with_day_and_month_exchanged(best.format);
  best.is_ambiguous = !exchanged.empty() && share_of(texts, exchanged) == best.share;
  return best;
}

}  // namespace linkwright
