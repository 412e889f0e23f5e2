#pragma once

#include <string>
#include <string_view>

#include "token/attribute_value.h"
#include "token/profile.h"

namespace linkwright {

/// "172100983", "172-10-0983" and "172100983.0" to "172-10-0983"; seven and eight digits get zeros in front.
///
/// Java checks the normalised number against impossible areas, groups, serials and well-known false numbers. Python
/// checks the raw text, so that a number without dashes passes whatever it is; its profiles keep that.
AttributeValue evaluate_social_security_number(const ProfileTraits& traits, std::string_view raw, std::string* buffer);

}  // namespace linkwright
