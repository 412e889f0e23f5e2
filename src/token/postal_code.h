#pragma once

#include <string>
#include <string_view>

#include "token/attribute_value.h"
#include "token/profile.h"

namespace linkwright {

/// US code of three, four, five or nine digits to five; shorter ones are padded with zeros from `min_length` on.
/// Placeholders (12345, 000.., 555..) are invalid.
AttributeValue evaluate_us_postal_code(const ProfileTraits& traits, int min_length, std::string_view raw,
                                       std::string* buffer);

/// Canadian code, whole or from three characters on, to "A1A 1A1".
AttributeValue evaluate_canadian_postal_code(const ProfileTraits& traits, int min_length, std::string_view raw,
                                             std::string* buffer);

/// PostalCode: the first of the two that finds it valid; both accept three characters.
AttributeValue evaluate_postal_code(const ProfileTraits& traits, std::string_view raw, std::string* buffer);

}  // namespace linkwright
