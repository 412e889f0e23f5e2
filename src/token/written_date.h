#pragma once

// Dates as the references' parsers read them off a text: Java's FastDateParser, Python's strptime.

#include <array>
#include <cstdint>
#include <string_view>

#include "token/text_dialect.h"

namespace linkwright {

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
constexpr std::array<DateForm, 5> kDateForms = {{{'-', "ymd"}, {'/', "ymd"}, {'/', "mdy"}, {'-', "mdy"}, {'.', "dmy"}}};

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

}  // namespace linkwright
