#pragma once

#include <initializer_list>
#include <string_view>

#include "token/text_dialect.h"

namespace linkwright {

// What a date looks like to the references before they read it: regular expressions on the whole text.

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

}  // namespace linkwright
