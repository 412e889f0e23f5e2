#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace linkwright {

/// Bytes of the code point that starts with `lead`; 1 for bytes that cannot start one, so that walking over invalid
/// text always moves on. Callers clip to the end of the text.
inline size_t code_point_size(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  if (byte < 0xC2) return 1;
  if (byte < 0xE0) return 2;
  if (byte < 0xF0) return 3;
  return byte < 0xF5 ? 4 : 1;
}

size_t count_code_points(std::string_view text);

/// Byte offset of code point number `index` (0-based); text.size() when there are not so many.
size_t code_point_offset(std::string_view text, size_t index);

/// The code points [begin, end) of `text`; both may lie outside.
std::string_view code_point_range(std::string_view text, int64_t begin, int64_t end);

}  // namespace linkwright
