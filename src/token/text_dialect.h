#pragma once

// What "space", "digit", "blank" and "end of line" mean to the two languages the reference programs are written in.
// Most differences between their tokens come from here, so each predicate says which call of the language it copies.

#include <string_view>
#include <utility>

namespace linkwright {

enum class TextDialect { kJava, kPython };

/// Decimal value of a digit of any script (general category Nd), or -1.
int unicode_digit_value(char32_t c);

/// A byte of ASCII text or of UTF-8, or a code point, as a code point; bytes beyond ASCII stay in 0x80..0xff.
constexpr char32_t code_of(char c) { return static_cast<unsigned char>(c); }
constexpr char32_t code_of(char32_t c) { return c; }

/// Python str.isspace, which is also its \s and what str.strip removes.
constexpr bool is_python_space(char32_t c) {
  if (c < 0x80) return (c >= 0x09 && c <= 0x0d) || (c >= 0x1c && c <= 0x20);
  return c == 0x85 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 ||
         c == 0x202f || c == 0x205f || c == 0x3000;
}

/// The regular expression \s: ASCII only in Java.
constexpr bool is_space(TextDialect dialect, char32_t c) {
  if (dialect == TextDialect::kPython) return is_python_space(c);
  return c == 0x20 || (c >= 0x09 && c <= 0x0d);
}

/// What Java String.trim and Python str.strip remove.
constexpr bool is_trimmed(TextDialect dialect, char32_t c) {
  return dialect == TextDialect::kPython ? is_python_space(c) : c <= 0x20;
}

/// A character of a blank string: Java Character.isWhitespace (no no-break spaces), Python str.isspace.
constexpr bool is_blank(TextDialect dialect, char32_t c) {
  if (dialect == TextDialect::kPython) return is_python_space(c);
  return is_python_space(c) && c != 0x85 && c != 0xa0 && c != 0x2007 && c != 0x202f;
}

/// The value of what the regular expression \d accepts, or -1: ASCII digits, and in Python those of every script.
inline int digit_value(TextDialect dialect, char32_t c) {
  if (c < 0x80) return c >= '0' && c <= '9' ? static_cast<int>(c - '0') : -1;
  return dialect == TextDialect::kPython ? unicode_digit_value(c) : -1;
}

constexpr bool is_ascii_letter(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

constexpr char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr char ascii_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

/// The lower-case ASCII character that `c` equals under the regular expression flag (?i), or 0. Java folds ASCII only;
/// Python also lets İ and ı stand for i, ſ for s and the Kelvin sign for k.
constexpr char ignore_case(TextDialect dialect, char32_t c) {
  if (c < 0x80) return ascii_lower(static_cast<char>(c));
  if (dialect == TextDialect::kJava) return 0;
  if (c == 0x130 || c == 0x131) return 'i';
  if (c == 0x17f) return 's';
  return c == 0x212a ? 'k' : 0;
}

/// The lower-case ASCII character that `c` equals when whole strings are compared, or 0: Java equalsIgnoreCase goes by
/// way of upper case, so ı and ſ count; Python compares str.lower, which keeps them apart.
constexpr char ignore_case_in_string(TextDialect dialect, char32_t c) {
  if (c < 0x80) return ascii_lower(static_cast<char>(c));
  if (c == 0x212a) return 'k';
  if (dialect == TextDialect::kPython) return 0;
  if (c == 0x130 || c == 0x131) return 'i';
  return c == 0x17f ? 's' : 0;
}

template <class Char>
std::basic_string_view<Char> trim(TextDialect dialect, std::basic_string_view<Char> text) {
  while (!text.empty() && is_trimmed(dialect, code_of(text.front()))) text.remove_prefix(1);
  while (!text.empty() && is_trimmed(dialect, code_of(text.back()))) text.remove_suffix(1);
  return text;
}

/// What is left when \s* is taken off both ends.
template <class Char>
std::basic_string_view<Char> without_outer_spaces(TextDialect dialect, std::basic_string_view<Char> text) {
  while (!text.empty() && is_space(dialect, code_of(text.front()))) text.remove_prefix(1);
  while (!text.empty() && is_space(dialect, code_of(text.back()))) text.remove_suffix(1);
  return text;
}

template <class Char>
bool all_blank(TextDialect dialect, std::basic_string_view<Char> text) {
  for (Char c : text) {
    if (!is_blank(dialect, code_of(c))) return false;
  }
  return true;
}

/// Where the regular expression $ holds near the end of a text that is searched: at its end, and before a final line
/// terminator (\n in Python; \n, \r, \r\n, U+0085, U+2028, U+2029 in Java). Without one both are the end.
template <class Char>
std::pair<size_t, size_t> dollar_positions(TextDialect dialect, std::basic_string_view<Char> text) {
  const size_t end = text.size();
  if (end == 0) return {end, end};
  const char32_t last = code_of(text[end - 1]);
  if (dialect == TextDialect::kPython) return {last == '\n' ? end - 1 : end, end};
  if (last == '\n') return {end > 1 && code_of(text[end - 2]) == '\r' ? end - 2 : end - 1, end};
  const bool terminator = last == '\r' || last == 0x85 || last == 0x2028 || last == 0x2029;
  return {terminator ? end - 1 : end, end};
}

}  // namespace linkwright
