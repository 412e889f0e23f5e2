#include "token/postal_code.h"

#include <algorithm>
#include <array>

#include "token/digit_text.h"

namespace linkwright {
namespace {

constexpr std::array<std::string_view, 13> kInvalidUsPrefixes = {
    "11111", "22222", "33333", "66666", "77777", "99999", "01234", "12345", "54321", "98765", "000", "555", "888"};
constexpr std::array<std::string_view, 9> kInvalidCanadianCodes = {
    "A1A 1A1", "X0X 0X0", "Y0Y 0Y0", "Z0Z 0Z0", "A0A 0A0", "B1B 1B1", "C2C 2C2", "K1A 0A6", "H0H 0H0"};
constexpr std::array<std::string_view, 3> kGovernmentAreas = {"K1A", "M7A", "H0H"};

template <class Char>
std::basic_string<Char> without_spaces(TextDialect dialect, std::basic_string_view<Char> text) {
  std::basic_string<Char> compact;
  for (Char c : trim(dialect, text)) {
    if (!is_space(dialect, code_of(c))) compact.push_back(c);
  }
  return compact;
}

template <class Char>
bool starts_with(std::basic_string_view<Char> text, std::string_view prefix) {
  return text.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), text.begin(),
                                                    [](char a, Char b) { return code_of(a) == code_of(b); });
}

/// ddd | dddd | ddddd | ddddd-dddd | ddddddddd
template <class Char>
bool is_us_code(TextDialect dialect, std::basic_string_view<Char> core) {
  const size_t digits = leading_digits(dialect, core);
  if (digits == core.size()) return (digits >= 3 && digits <= 5) || digits == 9;
  return digits == 5 && core.size() == 10 && code_of(core[5]) == '-' && leading_digits(dialect, core.substr(6)) == 4;
}

template <class Char>
AttributeValue evaluate_us(const ProfileTraits& traits, int min_length, std::basic_string_view<Char> raw,
                           std::string* buffer) {
  using View = std::basic_string_view<Char>;
  const TextDialect dialect = traits.dialect;
  const View trimmed = trim(dialect, raw);
  const View core = without_outer_spaces(dialect, raw);
  bool valid = is_us_code(dialect, core);
  for (std::string_view prefix : kInvalidUsPrefixes) valid = valid && !starts_with(trimmed, prefix);

  const std::basic_string<Char> compact = without_spaces(dialect, raw);
  const View code(compact);
  const size_t digits = leading_digits(dialect, code);
  // Python looks at the start only: five digits are enough, whatever follows.
  const bool whole = traits.is_python() ? digits >= 5 : is_us_code(dialect, code) && digits >= 5;
  buffer->clear();
  if (whole) {
    append_text(code.substr(0, 5), buffer);
  } else if (digits == code.size() && (digits == 3 || digits == 4) && min_length <= static_cast<int>(digits)) {
    append_text(code, buffer);
    buffer->append(digits == 3 ? "00" : "0");
  } else {
    append_text(trimmed, buffer);
  }
  return AttributeValue::of(valid, *buffer);
}

/// How many characters of the alternation letter, digit, letter, digit, letter, digit the text has at its start.
template <class Char>
size_t canadian_prefix(TextDialect dialect, std::basic_string_view<Char> text) {
  size_t length = 0;
  while (length < text.size() && length < 6) {
    const char32_t c = code_of(text[length]);
    if (length % 2 == 0 ? !is_ascii_letter(c) : digit_value(dialect, c) < 0) break;
    ++length;
  }
  return length;
}

/// \s*LdL(\s?d(L(d)?)?)?\s*
template <class Char>
bool is_canadian_code(TextDialect dialect, std::basic_string_view<Char> raw) {
  const std::basic_string_view<Char> core = without_outer_spaces(dialect, raw);
  const size_t area = canadian_prefix(dialect, core);
  if (area < 3) return false;
  if (area == core.size()) return true;
  if (area > 3 || !is_space(dialect, code_of(core[3]))) return false;
  std::basic_string_view<Char> unit = core.substr(4);
  if (digit_value(dialect, code_of(unit[0])) < 0 || unit.size() > 3) return false;
  if (unit.size() > 1 && !is_ascii_letter(code_of(unit[1]))) return false;
  return unit.size() < 3 || digit_value(dialect, code_of(unit[2])) >= 0;
}

/// The code in upper case as "A1A 1A1", padded; false when the text is no code or shorter than allowed.
template <class Char>
bool format_canadian(const ProfileTraits& traits, int min_length, std::basic_string_view<Char> code,
                     std::string* buffer) {
  const size_t length = canadian_prefix(traits.dialect, code);
  // Python looks at the first six characters only.
  const bool whole = length == 6 && (traits.is_python() || code.size() == 6);
  const bool partial = length == code.size() && length >= 3 && length <= 5 && static_cast<int>(length) >= min_length;
  if (!whole && !partial) return false;
  buffer->clear();
  for (size_t i = 0; i < length; ++i) {
    if (i == 3) buffer->push_back(' ');
    append_utf8(code_of(code[i]) < 0x80 ? code_of(ascii_upper(static_cast<char>(code[i]))) : code_of(code[i]), buffer);
  }
  constexpr std::array<std::string_view, 7> kPadding = {"", "", "", " 000", "A0", "0", ""};
  buffer->append(kPadding[length]);
  return true;
}

template <class Char>
AttributeValue evaluate_canadian(const ProfileTraits& traits, int min_length, std::basic_string_view<Char> raw,
                                 std::string* buffer) {
  using View = std::basic_string_view<Char>;
  const TextDialect dialect = traits.dialect;
  const std::basic_string<Char> compact = without_spaces(dialect, raw);
  const size_t length = std::min<size_t>(compact.size(), 6);
  if (!format_canadian(traits, min_length, View(compact), buffer)) {
    buffer->clear();
    append_text(trim(dialect, raw), buffer);
    return AttributeValue::of(is_canadian_code(dialect, raw), *buffer);
  }
  if (!is_canadian_code(dialect, raw)) return AttributeValue::of(false, *buffer);
  const std::string_view code = *buffer;
  bool valid =
      std::find(kInvalidCanadianCodes.begin(), kInvalidCanadianCodes.end(), code) == kInvalidCanadianCodes.end();
  const bool government =
      std::find(kGovernmentAreas.begin(), kGovernmentAreas.end(), code.substr(0, 3)) != kGovernmentAreas.end();
  // The references take any code that ends in "0" there for a padded one, so whole codes such as K1A 1B0 fall too.
  const bool looks_padded = length == 3 || code.back() == '0';
  if (government && looks_padded) valid = false;
  return AttributeValue::of(valid, *buffer);
}

}  // namespace

AttributeValue evaluate_us_postal_code(const ProfileTraits& traits, int min_length, std::string_view raw,
                                       std::string* buffer) {
  if (is_ascii(raw)) return evaluate_us(traits, min_length, raw, buffer);
  std::u32string wide;
  decode_utf8(raw, &wide);
  return evaluate_us(traits, min_length, std::u32string_view(wide), buffer);
}

AttributeValue evaluate_canadian_postal_code(const ProfileTraits& traits, int min_length, std::string_view raw,
                                             std::string* buffer) {
  if (is_ascii(raw)) return evaluate_canadian(traits, min_length, raw, buffer);
  std::u32string wide;
  decode_utf8(raw, &wide);
  return evaluate_canadian(traits, min_length, std::u32string_view(wide), buffer);
}

AttributeValue evaluate_postal_code(const ProfileTraits& traits, std::string_view raw, std::string* buffer) {
  constexpr int kShortest = 3;
  // The common case first: five ASCII digits, or five, a dash and four.
  const bool has_five = raw.size() >= 5 && leading_digits(TextDialect::kJava, raw.substr(0, 5)) == 5;
  if (has_five && is_us_code(TextDialect::kJava, raw)) {
    bool valid = true;
    for (std::string_view prefix : kInvalidUsPrefixes) valid = valid && !raw.starts_with(prefix);
    return AttributeValue::of(valid, valid ? raw.substr(0, 5) : raw);
  }
  AttributeValue us = evaluate_us_postal_code(traits, kShortest, raw, buffer);
  if (us.valid) return us;
  AttributeValue canadian = evaluate_canadian_postal_code(traits, kShortest, raw, buffer);
  if (canadian.valid) return canadian;
  std::u32string wide;
  decode_utf8(raw, &wide);
  buffer->clear();
  append_utf8(trim(traits.dialect, std::u32string_view(wide)), buffer);
  return AttributeValue::of(false, *buffer);
}

}  // namespace linkwright
