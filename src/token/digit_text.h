#pragma once

// What attributes of digits are read and written with, for text in bytes and in code points.

#include <cstddef>
#include <string>
#include <string_view>

#include "token/text_dialect.h"
#include "token/unicode_text.h"

namespace linkwright {

/// How many digits, as the dialect sees them, the text begins with.
template <class Char>
size_t leading_digits(TextDialect dialect, std::basic_string_view<Char> text) {
  size_t count = 0;
  while (count < text.size() && digit_value(dialect, code_of(text[count])) >= 0) ++count;
  return count;
}

/// Appends UTF-8.
inline void append_text(std::string_view text, std::string* out) { out->append(text); }
inline void append_text(std::u32string_view text, std::string* out) { append_utf8(text, out); }

}  // namespace linkwright
