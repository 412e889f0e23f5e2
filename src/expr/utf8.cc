#include "expr/utf8.h"

#include <algorithm>

namespace linkwright {

size_t count_code_points(std::string_view text) {
  size_t count = 0;
  for (size_t offset = 0; offset < text.size(); offset += code_point_size(text[offset])) ++count;
  return count;
}

size_t code_point_offset(std::string_view text, size_t index) {
  size_t offset = 0;
  while (index > 0 && offset < text.size()) {
    offset += code_point_size(text[offset]);
    --index;
  }
  return std::min(offset, text.size());
}

std::string_view code_point_range(std::string_view text, int64_t begin, int64_t end) {
  begin = std::max<int64_t>(begin, 0);
  if (end <= begin) return {};
  text.remove_prefix(code_point_offset(text, static_cast<size_t>(begin)));
  return text.substr(0, code_point_offset(text, static_cast<size_t>(end - begin)));
}

}  // namespace linkwright
