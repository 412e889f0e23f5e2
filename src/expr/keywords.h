#pragma once

#include <string>
#include <string_view>

namespace linkwright {

/// Whether lower-case `word` cannot name a column unless it is quoted.
bool is_reserved_word(std::string_view word);

std::string to_lower_ascii(std::string_view text);

}  // namespace linkwright
