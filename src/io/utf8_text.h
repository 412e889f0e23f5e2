#pragma once

#include <cstddef>
#include <string_view>

namespace linkwright {

/// Whether a text is valid UTF-8. Thread-safe.
bool is_utf8(std::string_view text);

/// Byte offset of the first byte that is not part of a UTF-8 character; npos when all are. Thread-safe.
size_t find_invalid_utf8(std::string_view text);

}  // namespace linkwright
