#pragma once

#include <span>
#include <string>
#include <string_view>

namespace linkwright {

bool looks_like_email(std::string_view text);
bool looks_like_uk_postcode(std::string_view text);  // "SW1A 1AA", with or without the space
bool looks_like_us_zip(std::string_view text);       // 5 digits, or 5-4
bool looks_like_phone(std::string_view text);        // 8 to 15 digits with spaces, dots, dashes, brackets, a plus sign
bool looks_like_uuid(std::string_view text);
bool looks_like_integer(std::string_view text);
bool looks_like_number(std::string_view text);  // with decimals or an exponent
bool looks_like_words(std::string_view text);   // letters, with spaces, dashes, apostrophes and dots between them

/// Shares of the texts that have a shape; all 0 for no texts.
struct ValueShapes {
  double email = 0, uk_postcode = 0, us_zip = 0, four_digits = 0, phone = 0, uuid = 0, integer = 0, number = 0,
         words = 0;
  double common_first_name = 0, common_surname = 0, company_word = 0, street_word = 0;
  double average_words = 0;  // of a text

  static ValueShapes of(std::span<const std::string> texts);
};

}  // namespace linkwright
