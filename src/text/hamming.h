#pragma once

#include <cassert>
#include <cstddef>
#include <string_view>

namespace linkwright {

/// Places at which two texts of one length (assert) have different bytes. Equal to DuckDB's hamming.
inline size_t hamming(std::string_view a, std::string_view b) {
  assert(a.size() == b.size());
  size_t distance = 0;
  for (size_t i = 0; i < a.size(); ++i) distance += static_cast<size_t>(a[i] != b[i]);
  return distance;
}

}  // namespace linkwright
