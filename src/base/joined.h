#pragma once

#include <span>
#include <string>
#include <string_view>

namespace linkwright {

/// The parts with the separator between them; "" for none.
inline std::string joined(std::span<const std::string> parts, std::string_view separator) {
  std::string text;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += separator;
    text += parts[i];
  }
  return text;
}

}  // namespace linkwright
