#pragma once

#include <cstddef>
#include <string_view>

namespace linkwright {

/// Drops what both strings begin and end with. Edit distances do not change by it.
inline void strip_common_affix(std::string_view& a, std::string_view& b) {
  const size_t shorter = a.size() < b.size() ? a.size() : b.size();
  size_t prefix = 0;
  while (prefix < shorter && a[prefix] == b[prefix]) ++prefix;
  a.remove_prefix(prefix);
  b.remove_prefix(prefix);
  size_t suffix = 0;
  while (suffix < shorter - prefix && a[a.size() - 1 - suffix] == b[b.size() - 1 - suffix]) ++suffix;
  a.remove_suffix(suffix);
  b.remove_suffix(suffix);
}

}  // namespace linkwright
