#include "expr/text_case.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <string>

namespace linkwright {
namespace {

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string_view map_ascii(std::string_view text, Arena& arena, char first, char last, int shift) {
  const auto changes = [&](char c) { return c >= first && c <= last; };
  if (std::none_of(text.begin(), text.end(), changes)) return text;
  char* const mapped = arena.allocate_bytes(text.size());
  std::transform(text.begin(), text.end(), mapped,
                 [&](char c) { return changes(c) ? static_cast<char>(c + shift) : c; });
  return {mapped, text.size()};
}

const utf8proc_uint8_t* bytes_of(std::string_view text, size_t offset) {
  return reinterpret_cast<const utf8proc_uint8_t*>(text.data() + offset);
}

// The code point at `offset`, and its size; -1 and 1 for an invalid byte.
std::pair<utf8proc_int32_t, size_t> code_point_at(std::string_view text, size_t offset) {
  utf8proc_int32_t code = -1;
  const utf8proc_ssize_t size =
      utf8proc_iterate(bytes_of(text, offset), static_cast<utf8proc_ssize_t>(text.size() - offset), &code);
  return size > 0 && code >= 0 ? std::pair(code, static_cast<size_t>(size))
                               : std::pair(utf8proc_int32_t{-1}, size_t{1});
}

std::string_view map_code_points(std::string_view text, Arena& arena, utf8proc_int32_t (*map)(utf8proc_int32_t)) {
  std::string mapped;
  mapped.reserve(text.size() + 4);
  for (size_t offset = 0; offset < text.size();) {
    const auto [code, size] = code_point_at(text, offset);
    if (code < 0) {
      mapped += text[offset];
    } else {
      std::array<utf8proc_uint8_t, 4> encoded;
      const utf8proc_ssize_t encoded_size = utf8proc_encode_char(map(code), encoded.data());
      mapped.append(reinterpret_cast<const char*>(encoded.data()), static_cast<size_t>(encoded_size));
    }
    offset += size;
  }
  return arena.copy(mapped);
}

}  // namespace

std::string_view lower_text(std::string_view text, Arena& arena) {
  return is_ascii(text) ? map_ascii(text, arena, 'A', 'Z', 'a' - 'A') : map_code_points(text, arena, utf8proc_tolower);
}

std::string_view upper_text(std::string_view text, Arena& arena) {
  return is_ascii(text) ? map_ascii(text, arena, 'a', 'z', 'A' - 'a') : map_code_points(text, arena, utf8proc_toupper);
}

std::string_view strip_accents(std::string_view text, Arena& arena) {
  if (is_ascii(text)) return text;
  utf8proc_uint8_t* stripped = nullptr;
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_STRIPMARK);
  const utf8proc_ssize_t size =
      utf8proc_map(bytes_of(text, 0), static_cast<utf8proc_ssize_t>(text.size()), &stripped, options);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(stripped, &std::free);
  if (size < 0) return text;
  return arena.copy({reinterpret_cast<const char*>(stripped), static_cast<size_t>(size)});
}

std::string_view reverse_text(std::string_view text, Arena& arena) {
  char* const reversed = arena.allocate_bytes(text.size());
  char* end = reversed + text.size();
  size_t cluster = 0;
  utf8proc_int32_t previous = -1;
  utf8proc_int32_t state = 0;
  for (size_t offset = 0; offset < text.size();) {
    const auto [code, size] = code_point_at(text, offset);
    const bool breaks =
        offset > 0 && (previous < 0 || code < 0 || utf8proc_grapheme_break_stateful(previous, code, &state));
    if (breaks) {
      end = std::copy_backward(text.begin() + cluster, text.begin() + offset, end);
      cluster = offset;
    }
    previous = code;
    offset += size;
  }
  std::copy_backward(text.begin() + cluster, text.end(), end);
  return {reversed, text.size()};
}

}  // namespace linkwright
