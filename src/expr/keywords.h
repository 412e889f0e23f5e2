#pragma once

#include <string_view>

namespace linkwright {

/// Whether lower-case `word` cannot name a column unless it is quoted.
bool is_reserved_word(std::string_view word);

}  // namespace linkwright
