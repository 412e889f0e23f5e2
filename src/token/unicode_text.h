#pragma once

#include <string>
#include <string_view>

#include "token/profile.h"

namespace linkwright {

/// True for text without a byte beyond ASCII: the fast path of every attribute.
bool is_ascii(std::string_view text);

/// UTF-8 to code points; bytes that are not UTF-8 become U+FFFD, one for each. `out` is overwritten.
void decode_utf8(std::string_view text, std::u32string* out);

/// Appends one code point (a surrogate becomes "?", as Java writes it) or all of them as UTF-8.
void append_utf8(char32_t c, std::string* out);
void append_utf8(std::u32string_view text, std::string* out);

/// Trims, transliterates (profiles 2.x), decomposes canonically and drops combining marks: "Łukasz Müller" to
/// "Lukasz Muller" or, in 1.x, "Łukasz Muller". Text without anything to drop comes back as it was, trimmed.
void fold_accents(const ProfileTraits& traits, std::u32string_view text, std::u32string* out);

/// Full Unicode upper case in the root locale: "straße" to "STRASSE". `out` is overwritten.
void uppercase(std::string_view text, std::string* out);

}  // namespace linkwright
