#pragma once

#include <string>
#include <string_view>

#include "token/attribute_value.h"
#include "token/profile.h"

namespace linkwright {

/// Integer: optional sign and digits to a plain decimal number; Java's must fit 64 bits.
AttributeValue evaluate_integer(const ProfileTraits& traits, std::string_view raw, std::string* buffer);
/// Age: an Integer from 0 to 120.
AttributeValue evaluate_age(const ProfileTraits& traits, std::string_view raw, std::string* buffer);
/// Year: four digits.
AttributeValue evaluate_year(const ProfileTraits& traits, std::string_view raw, std::string* buffer);
/// BirthYear: a Year from 1910 to `this_year`.
AttributeValue evaluate_birth_year(const ProfileTraits& traits, int this_year, std::string_view raw,
                                   std::string* buffer);
/// Decimal: a number with fraction and exponent, as the language prints a double ("1.0E20" in Java, "1e+20" in Python).
AttributeValue evaluate_decimal(const ProfileTraits& traits, std::string_view raw, std::string* buffer);

}  // namespace linkwright
