#pragma once

#include <string>
#include <string_view>

#include "token/attribute_value.h"
#include "token/gregorian_calendar.h"
#include "token/profile.h"
#include "token/time_zone.h"

namespace linkwright {

/// Date: five written forms and ISO timestamps with an offset to yyyy-MM-dd; mixed separators, impossible days and
/// other orders are invalid. `buffer` holds the result where it is not the raw text itself.
AttributeValue evaluate_date(const ProfileTraits& traits, const DateContext& context, std::string_view raw,
                             std::string* buffer);

/// BirthDate: a Date from 1910-01-01 to today.
AttributeValue evaluate_birth_date(const ProfileTraits& traits, const DateContext& context, std::string_view raw,
                                   std::string* buffer);

/// The expression D: re-emits yyyy-MM-dd. Java reads it leniently ("2000-02-30" is March 1), Python strictly. False for
/// text it does not accept.
bool reformat_date(TextDialect dialect, std::string_view text, std::string* out);

}  // namespace linkwright
