#include "token/social_security_number.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "token/digit_text.h"

namespace linkwright {
namespace {

// 009-99-9999 and 123-45-9999 are in Java's lists and not in Python's.
constexpr std::array<int32_t, 2> kKnownToJavaOnly = {9999999, 123459999};
constexpr std::array<int32_t, 18> kInvalid1x = {1234567,   9999999,   10101010,  12345678,  87654321,  98765432,
                                                99999999,  111111111, 111223333, 121212121, 123456789, 123459999,
                                                222222222, 333333333, 444444444, 555555555, 777777777, 888888888};
constexpr std::array<int32_t, 54> kInvalid2x = {
    1010001,   1010101,   1019999,   1100110,   1111111,   1122334,   1234567,   7777777,   9999999,
    10101010,  11111111,  12345678,  22222222,  55555555,  77777777,  87654321,  88888888,  98765432,
    99999999,  100101000, 111111111, 111111112, 111111234, 111119999, 111221111, 111222333, 111223333,
    121212121, 123121234, 123123123, 123451234, 123456788, 123456789, 123456798, 123456879, 123456987,
    123457896, 123459999, 199999999, 222222222, 222334444, 299999999, 333333333, 399999999, 444444444,
    454545454, 499999999, 555555555, 599999999, 699999999, 777777777, 799999999, 888888888, 899999999};
static_assert(std::is_sorted(kInvalid1x.begin(), kInvalid1x.end()));
static_assert(std::is_sorted(kInvalid2x.begin(), kInvalid2x.end()));

bool is_listed_invalid(const ProfileTraits& traits, int32_t number) {
  const bool listed = traits.has_long_ssn_list ? std::binary_search(kInvalid2x.begin(), kInvalid2x.end(), number)
                                               : std::binary_search(kInvalid1x.begin(), kInvalid1x.end(), number);
  if (!listed || !traits.is_python()) return listed;
  return std::find(kKnownToJavaOnly.begin(), kKnownToJavaOnly.end(), number) == kKnownToJavaOnly.end();
}

bool has_possible_parts(int32_t number) {
  const int32_t area = number / 1'000'000;
  return area != 0 && area != 666 && area < 900 && number / 10'000 % 100 != 0 && number % 10'000 != 0;
}

void format_number(int32_t number, std::string* out) {
  out->resize(11);
  for (size_t i = 11; i-- > 0;) {
    if (i == 3 || i == 6) {
      (*out)[i] = '-';
      continue;
    }
    (*out)[i] = static_cast<char>('0' + number % 10);
    number /= 10;
  }
}

/// The value of up to nine digits.
template <class Char>
int32_t number_of(TextDialect dialect, std::basic_string_view<Char> digits) {
  int32_t number = 0;
  for (Char c : digits) number = number * 10 + digit_value(dialect, code_of(c));
  return number;
}

/// The digits of a text without space and dashes, up to the decimal point.
template <class Char>
std::basic_string<Char> strip_formatting(TextDialect dialect, std::basic_string_view<Char> raw) {
  std::basic_string<Char> digits;
  for (Char c : trim(dialect, raw)) {
    if (code_of(c) == '.') break;
    if (code_of(c) != '-' && !is_space(dialect, code_of(c))) digits.push_back(c);
  }
  return digits;
}

/// Python: ^\d{7,9}(\.0*)?$ | ^(?!000|666|9\d\d)\d{3}-?(?!00)\d{2}-?(?!0000)\d{4}$ on the raw text, and no number of
/// the list in its dashed spelling.
template <class Char>
bool is_python_valid(const ProfileTraits& traits, std::basic_string_view<Char> raw) {
  const TextDialect dialect = traits.dialect;
  std::basic_string_view<Char> text = raw;
  if (!text.empty() && code_of(text.back()) == '\n') text.remove_suffix(1);  // $ stands before it, too
  const bool ends_in_line_feed = text.size() < raw.size();

  const size_t digits = leading_digits(dialect, text);
  if (digits >= 7 && digits <= 9) {
    std::basic_string_view<Char> rest = text.substr(digits);
    if (rest.empty()) return true;
    if (code_of(rest[0]) == '.') {
      return std::all_of(rest.begin() + 1, rest.end(), [](Char c) { return code_of(c) == '0'; });
    }
  }
  std::basic_string<Char> joined;
  size_t at = 0;
  for (size_t part : {3, 2, 4}) {
    if (leading_digits(dialect, text.substr(at, part)) != part) return false;
    joined.append(text.substr(at, part));
    at += part;
    if (part != 4 && at < text.size() && code_of(text[at]) == '-') ++at;
  }
  if (at != text.size()) return false;
  // The forbidden parts are spelt in ASCII; digits of other scripts slip through.
  auto ascii_zeros = [&](size_t from, size_t count) {
    return std::all_of(joined.begin() + static_cast<ptrdiff_t>(from),
                       joined.begin() + static_cast<ptrdiff_t>(from + count), [](Char c) { return code_of(c) == '0'; });
  };
  const bool is_666 = code_of(joined[0]) == '6' && code_of(joined[1]) == '6' && code_of(joined[2]) == '6';
  if (ascii_zeros(0, 3) || is_666 || code_of(joined[0]) == '9' || ascii_zeros(3, 2) || ascii_zeros(5, 4)) return false;
  const bool is_dashed_ascii = text.size() == 11 && !ends_in_line_feed &&
                               std::all_of(text.begin(), text.end(), [](Char c) { return code_of(c) < 0x80; });
  return !is_dashed_ascii || !is_listed_invalid(traits, number_of(dialect, std::basic_string_view<Char>(joined)));
}

template <class Char>
AttributeValue evaluate(const ProfileTraits& traits, std::basic_string_view<Char> raw, std::string* buffer) {
  const TextDialect dialect = traits.dialect;
  const std::basic_string<Char> stripped = strip_formatting(dialect, raw);
  const std::basic_string_view<Char> digits(stripped);
  buffer->clear();
  if (digits.size() < 7 || digits.size() > 9 || leading_digits(dialect, digits) != digits.size()) {
    append_text(raw, buffer);
    return AttributeValue::of(false, *buffer);
  }
  const int32_t number = number_of(dialect, digits);
  if (digits.size() < 9 || std::all_of(digits.begin(), digits.end(), [](Char c) { return code_of(c) < 0x80; })) {
    format_number(number, buffer);
  } else {  // Python keeps nine digits as they are written, even those of another script
    append_text(digits.substr(0, 3), buffer);
    buffer->push_back('-');
    append_text(digits.substr(3, 2), buffer);
    buffer->push_back('-');
    append_text(digits.substr(5), buffer);
  }
  const bool valid = traits.is_python() ? is_python_valid(traits, raw)
                                        : has_possible_parts(number) && !is_listed_invalid(traits, number);
  return AttributeValue::of(valid, *buffer);
}

}  // namespace

AttributeValue evaluate_social_security_number(const ProfileTraits& traits, std::string_view raw, std::string* buffer) {
  // The common case: ddd-dd-dddd in ASCII is its own normal form.
  if (raw.size() == 11 && raw[3] == '-' && raw[6] == '-') {
    int32_t number = 0;
    bool all_digits = true;
    for (size_t i : {0, 1, 2, 4, 5, 7, 8, 9, 10}) {
      const unsigned digit = static_cast<unsigned char>(raw[i]) - unsigned{'0'};
      all_digits = all_digits && digit <= 9;
      number = number * 10 + static_cast<int32_t>(digit <= 9 ? digit : 0);
    }
    if (all_digits) return AttributeValue::of(has_possible_parts(number) && !is_listed_invalid(traits, number), raw);
  }
  if (is_ascii(raw)) return evaluate(traits, raw, buffer);
  std::u32string wide;
  decode_utf8(raw, &wide);
  return evaluate(traits, std::u32string_view(wide), buffer);
}

}  // namespace linkwright
