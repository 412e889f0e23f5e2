#include "io/utf8_text.h"

#include <arrow/util/utf8.h>

namespace linkwright {

bool is_utf8(std::string_view text) {
  [[maybe_unused]] static const bool is_ready = (arrow::util::InitializeUTF8(), true);
  return arrow::util::ValidateUTF8(reinterpret_cast<const uint8_t*>(text.data()), static_cast<int64_t>(text.size()));
}

size_t find_invalid_utf8(std::string_view text) {
  if (is_utf8(text)) return std::string_view::npos;
  // Halve to the neighbourhood of the first bad character, cutting at starts of characters; then go character by
  // character.
  size_t good = 0;
  size_t bad = text.size();
  while (bad - good > 16) {
    size_t middle = good + (bad - good) / 2;
    while (middle > good && (static_cast<unsigned char>(text[middle]) & 0xC0) == 0x80) --middle;
    if (middle == good) break;
    (is_utf8(text.substr(good, middle - good)) ? good : bad) = middle;
  }
  for (size_t length = 1; length <= 4 && good + length <= text.size(); ++length) {
    if (!is_utf8(text.substr(good, length))) continue;
    good += length;
    length = 0;
  }
  return good;
}

}  // namespace linkwright
