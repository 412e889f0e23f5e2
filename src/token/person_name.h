#pragma once

#include <string>
#include <string_view>

#include "token/attribute_value.h"
#include "token/profile.h"

namespace linkwright {

/// Buffers that live from record to record; the views of an AttributeValue point into them or into the raw text.
struct NameScratch {
  std::string narrow;
  std::u32string decoded;
  std::u32string wide;
  std::string normalized;
};

/// "Dr. José Müller-Lüdenscheidt Jr." to "JoseMullerLudenscheidt": accents, a title, a generational suffix, a trailing
/// initial and everything that is not a letter A-Z go; case stays. Valid when letters are left that are no placeholder.
AttributeValue evaluate_first_name(const ProfileTraits& traits, std::string_view raw, NameScratch* scratch);

/// As above without titles and initials. Valid from three letters on, with two when one is a vowel, and "Ng".
AttributeValue evaluate_last_name(const ProfileTraits& traits, std::string_view raw, NameScratch* scratch);

}  // namespace linkwright
