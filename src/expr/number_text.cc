#include "expr/number_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "base/ascii.h"
#include "base/column_name.h"

namespace linkwright {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// The parts of "-12_0.50e-3": digits without underscores, and the power of ten of the last one.
struct DecimalText {
  bool negative = false;
  std::string digits;
  int64_t exponent = 0;
};

// Reads digits with single underscores between them; false when an underscore has no digit on both sides.
bool read_digits(std::string_view text, size_t& cursor, std::string& digits) {
  while (cursor < text.size()) {
    if (is_digit(text[cursor])) {
      digits += text[cursor++];
    } else if (text[cursor] == '_') {
      const bool between =
          cursor > 0 && is_digit(text[cursor - 1]) && cursor + 1 < text.size() && is_digit(text[cursor + 1]);
      if (!between) return false;
      ++cursor;
    } else {
      break;
    }
  }
  return true;
}

std::optional<DecimalText> read_decimal(std::string_view text) {
  text = trimmed(text);
  DecimalText number;
  size_t cursor = 0;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    number.negative = text[0] == '-';
    ++cursor;
  }
  if (!read_digits(text, cursor, number.digits)) return std::nullopt;
  if (cursor < text.size() && text[cursor] == '.') {
    ++cursor;
    const size_t whole = number.digits.size();
    if (!read_digits(text, cursor, number.digits)) return std::nullopt;
    number.exponent = -static_cast<int64_t>(number.digits.size() - whole);
  }
  if (number.digits.empty()) return std::nullopt;
  if (cursor < text.size() && (text[cursor] == 'e' || text[cursor] == 'E')) {
    ++cursor;
    if (cursor < text.size() && text[cursor] == '+') ++cursor;
    int32_t exponent = 0;
    const auto [end, error] = std::from_chars(text.data() + cursor, text.data() + text.size(), exponent);
    if (error != std::errc()) return std::nullopt;
    cursor = static_cast<size_t>(end - text.data());
    number.exponent += exponent;
  }
  return cursor == text.size() ? std::optional(std::move(number)) : std::nullopt;
}

std::optional<int64_t> read_hexadecimal(std::string_view text) {
  if (text.size() < 3 || text[0] != '0' || (text[1] != 'x' && text[1] != 'X')) return std::nullopt;
  int64_t value = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data() + 2, last, value, 16);
  return error == std::errc() && end == last && text[2] != '-' ? std::optional(value) : std::nullopt;
}

// Shortest digits of the number, and where the point belongs: value = 0.d1d2d3... * 10^point.
template <typename Float>
std::string format_shortest(Float value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  std::array<char, 32> buffer;
  const auto written =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
  const std::string_view scientific(buffer.data(), static_cast<size_t>(written.ptr - buffer.data()));
  const size_t e = scientific.find('e');
  const int exponent = std::atoi(std::string(scientific.substr(e + 1)).c_str());
  constexpr int kLowestFixed = -4;
  constexpr int kHighestFixed = 15;
  if (exponent < kLowestFixed || exponent > kHighestFixed) return std::string(scientific);

  std::string text = value < 0 || (value == 0 && std::signbit(value)) ? "-" : "";
  std::string digits;
  for (const char c : scientific.substr(0, e)) {
    if (is_digit(c)) digits += c;
  }
  if (exponent < 0) return text + "0." + std::string(static_cast<size_t>(-exponent - 1), '0') + digits;
  const auto whole = static_cast<size_t>(exponent) + 1;
  if (digits.size() <= whole) return text + digits + std::string(whole - digits.size(), '0') + ".0";
  return text + digits.substr(0, whole) + "." + digits.substr(whole);
}

}  // namespace

std::string format_double(double value) { return format_shortest(value); }
std::string format_float(double value) { return format_shortest(static_cast<float>(value)); }

std::string format_decimal(double value, int scale) {
  std::array<char, 512> buffer;
  const auto written =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, scale);
  std::string text(buffer.data(), written.ptr);
  const bool is_zero = text.find_first_not_of("-0.") == std::string::npos;
  return is_zero && text.starts_with('-') ? text.substr(1) : text;
}

std::optional<double> parse_double(std::string_view text) {
  const std::string_view bare = trimmed(text);
  const bool negative = bare.starts_with('-');
  const std::string_view word = bare.substr(negative || bare.starts_with('+') ? 1 : 0);
  if (is_same_but_for_case(word, "inf") || is_same_but_for_case(word, "infinity")) {
    return negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  }
  if (is_same_but_for_case(word, "nan")) return std::numeric_limits<double>::quiet_NaN();
  const std::optional<DecimalText> number = read_decimal(text);
  if (!number) return std::nullopt;
  const std::string canonical = (number->negative ? "-" : "") + number->digits + "e" + std::to_string(number->exponent);
  double value = 0;
  const auto [end, error] = std::from_chars(canonical.data(), canonical.data() + canonical.size(), value);
  if (error == std::errc::result_out_of_range) return std::strtod(canonical.c_str(), nullptr);
  return value;
}

std::optional<int64_t> parse_integer(std::string_view text) {
  if (const std::optional<int64_t> hexadecimal = read_hexadecimal(trimmed(text))) return hexadecimal;
  std::optional<DecimalText> number = read_decimal(text);
  if (!number) return std::nullopt;
  std::string& digits = number->digits;
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.empty()) return 0;
  constexpr int64_t kMostDigits = 19;
  const int64_t whole = static_cast<int64_t>(digits.size()) + number->exponent;
  if (whole < 0) return 0;
  if (whole > kMostDigits) return std::nullopt;
  digits.resize(std::max(digits.size(), static_cast<size_t>(whole)), '0');
  const bool rounds_up = static_cast<size_t>(whole) < digits.size() && digits[static_cast<size_t>(whole)] >= '5';
  uint64_t magnitude = rounds_up ? 1 : 0;
  uint64_t base = 0;
  for (const char c : std::string_view(digits).substr(0, static_cast<size_t>(whole))) {
    base = base * 10 + static_cast<uint64_t>(c - '0');
  }
  magnitude += base;
  constexpr auto kMost = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
  if (magnitude > kMost + (number->negative ? 1 : 0)) return std::nullopt;
  return static_cast<int64_t>(number->negative ? 0 - magnitude : magnitude);
}

}  // namespace linkwright
