#include "token/number_attribute.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "token/unicode_text.h"

namespace linkwright {
namespace {

using WideView = std::u32string_view;

/// Sign and ASCII digits of an integer; digits of other scripts are read as well, as both languages do.
struct WrittenInteger {
  bool parses = false;
  bool negative = false;
  std::string digits;  // without leading zeros; "0" for zero
  size_t written_digits = 0;
  bool has_sign = false;
  bool ascii_digits = true;
};

WrittenInteger read_integer(TextDialect dialect, WideView text) {
  WrittenInteger number;
  text = trim(dialect, text);
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
    number.has_sign = true;
    number.negative = text.front() == '-';
    text.remove_prefix(1);
  }
  if (text.empty()) return number;
  for (char32_t c : text) {
    const int digit = unicode_digit_value(c);
    if (digit < 0) return number;
    number.ascii_digits = number.ascii_digits && c < 0x80;
    ++number.written_digits;
    if (!number.digits.empty() || digit > 0) number.digits.push_back(static_cast<char>('0' + digit));
  }
  if (number.digits.empty()) {
    number.digits = "0";
    number.negative = false;
  }
  number.parses = true;
  return number;
}

/// True when only what \s matches, and not merely what trim removes, surrounds the text.
bool has_regex_margins(TextDialect dialect, WideView text) {
  return without_outer_spaces(dialect, text).size() == trim(dialect, text).size();
}

bool fits_int64(const WrittenInteger& number) {
  const std::string text = (number.negative ? "-" : "") + number.digits;
  int64_t value;
  return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc();
}

/// The value of a small number; beyond `most` all are alike.
int small_value(const WrittenInteger& number, int most) {
  if (number.negative) return -1;
  if (number.digits.size() > 9) return most + 1;
  return std::min(std::atoi(number.digits.c_str()), most + 1);
}

struct EvaluatedInteger {
  WrittenInteger number;
  bool valid;
  bool has_normalized;
};

EvaluatedInteger evaluate_wide(const ProfileTraits& traits, std::string_view raw, std::string* buffer) {
  std::u32string wide;
  decode_utf8(raw, &wide);
  EvaluatedInteger result{read_integer(traits.dialect, wide), false, false};
  if (!result.number.parses) return result;
  // Both accept digits of any script when they read a number; only Python's pattern lets them pass as valid.
  result.valid = (traits.is_python() || result.number.ascii_digits) && has_regex_margins(traits.dialect, wide);
  result.has_normalized = traits.is_python() || fits_int64(result.number);
  *buffer = (result.number.negative ? "-" : "") + result.number.digits;
  return result;
}

bool is_year(const EvaluatedInteger& value) {
  return value.valid && value.number.written_digits == 4 && !value.number.has_sign;
}

AttributeValue year_value(const ProfileTraits& traits, const EvaluatedInteger& year, bool valid,
                          const std::string& buffer) {
  // Java normalises exactly four digits; Python any number that starts with four.
  const bool four_or_more = !year.number.has_sign && year.number.written_digits >= 4;
  const bool normalizes = traits.is_python() ? year.has_normalized && four_or_more : is_year(year);
  return {valid, normalizes, normalizes ? std::string_view(buffer) : std::string_view()};
}

/// [+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)? with its digits turned into ASCII, or "" for other text.
std::string ascii_decimal(TextDialect dialect, WideView text) {
  std::string out;
  size_t at = 0;
  auto digits = [&] {
    const size_t start = at;
    for (int digit; at < text.size() && (digit = digit_value(dialect, text[at])) >= 0; ++at) {
      out.push_back(static_cast<char>('0' + digit));
    }
    return at - start;
  };
  auto one_of = [&](std::string_view set) {
    if (at == text.size() || text[at] > 0x7f || set.find(static_cast<char>(text[at])) == std::string_view::npos)
      return false;
    out.push_back(static_cast<char>(text[at++]));
    return true;
  };
  one_of("+-");
  size_t mantissa = digits();
  if (one_of(".")) mantissa += digits();
  if (mantissa == 0) return {};
  if (one_of("eE")) {
    one_of("+-");
    if (digits() == 0) return {};
  }
  return at == text.size() ? out : std::string();
}

/// Shortest decimal digits that read back as the same double, and the power of ten of the first one.
struct ShortestDigits {
  std::string digits;
  int exponent;
};

ShortestDigits shortest_digits(double magnitude) {
  std::array<char, 40> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), magnitude, std::chars_format::scientific).ptr;
  const std::string_view all(text.data(), static_cast<size_t>(end - text.data()));
  const size_t e = all.find('e');
  ShortestDigits result;
  for (char c : all.substr(0, e)) {
    if (c != '.') result.digits.push_back(c);
  }
  result.exponent = std::atoi(std::string(all.substr(e + 1)).c_str());
  return result;
}

std::string fixed_notation(const ShortestDigits& number) {
  if (number.exponent < 0) return "0." + std::string(static_cast<size_t>(-number.exponent - 1), '0') + number.digits;
  const auto whole = static_cast<size_t>(number.exponent) + 1;
  if (number.digits.size() <= whole) return number.digits + std::string(whole - number.digits.size(), '0') + ".0";
  return number.digits.substr(0, whole) + "." + number.digits.substr(whole);
}

std::string format_double(TextDialect dialect, double value) {
  const bool java = dialect == TextDialect::kJava;
  const std::string sign = std::signbit(value) ? "-" : "";
  if (std::isinf(value)) return sign + (java ? "Infinity" : "inf");
  if (value == 0) return sign + "0.0";
  const ShortestDigits number = shortest_digits(std::fabs(value));
  const bool fixed =
      java ? number.exponent >= -3 && number.exponent < 7 : number.exponent >= -4 && number.exponent < 16;
  if (fixed) return sign + fixed_notation(number);
  std::string mantissa = number.digits.substr(0, 1);
  if (java) {
    const std::string fraction = number.digits.size() > 1 ? number.digits.substr(1) : "0";
    return sign + mantissa + "." + fraction + "E" + std::to_string(number.exponent);
  }
  if (number.digits.size() > 1) mantissa += "." + number.digits.substr(1);
  const int magnitude = std::abs(number.exponent);
  return sign + mantissa + "e" + (number.exponent < 0 ? "-" : "+") + (magnitude < 10 ? "0" : "") +
         std::to_string(magnitude);
}

}  // namespace

AttributeValue evaluate_integer(const ProfileTraits& traits, std::string_view raw, std::string* buffer) {
  const EvaluatedInteger value = evaluate_wide(traits, raw, buffer);
  return {value.valid, value.has_normalized, value.has_normalized ? std::string_view(*buffer) : std::string_view()};
}

AttributeValue evaluate_age(const ProfileTraits& traits, std::string_view raw, std::string* buffer) {
  constexpr int kOldest = 120;
  const EvaluatedInteger value = evaluate_wide(traits, raw, buffer);
  const int age = value.number.parses ? small_value(value.number, kOldest) : -1;
  return {value.valid && age >= 0 && age <= kOldest, value.has_normalized,
          value.has_normalized ? std::string_view(*buffer) : std::string_view()};
}

AttributeValue evaluate_year(const ProfileTraits& traits, std::string_view raw, std::string* buffer) {
  const EvaluatedInteger value = evaluate_wide(traits, raw, buffer);
  return year_value(traits, value, is_year(value), *buffer);
}

AttributeValue evaluate_birth_year(const ProfileTraits& traits, int this_year, std::string_view raw,
                                   std::string* buffer) {
  constexpr int kFirstBirthYear = 1910;
  const EvaluatedInteger value = evaluate_wide(traits, raw, buffer);
  const int year = value.number.parses ? small_value(value.number, this_year) : -1;
  return year_value(traits, value, is_year(value) && year >= kFirstBirthYear && year <= this_year, *buffer);
}

AttributeValue evaluate_decimal(const ProfileTraits& traits, std::string_view raw, std::string* buffer) {
  std::u32string wide;
  decode_utf8(raw, &wide);
  const WideView trimmed = trim(traits.dialect, WideView(wide));
  if (trimmed == U"NaN") {
    *buffer = traits.is_python() ? "nan" : "NaN";
    return AttributeValue::of(false, *buffer);
  }
  const std::string text = ascii_decimal(traits.dialect, trimmed);
  if (text.empty()) return AttributeValue::failed();
  *buffer = format_double(traits.dialect, std::strtod(text.c_str(), nullptr));
  return AttributeValue::of(has_regex_margins(traits.dialect, wide), *buffer);
}

}  // namespace linkwright
