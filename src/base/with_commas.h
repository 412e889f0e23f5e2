#pragma once

#include <cstdint>
#include <string>

namespace linkwright {

/// 1234567 as people read it: "1,234,567".
inline std::string with_commas(uint64_t number) {
  std::string digits = std::to_string(number);
  for (size_t place = digits.size(); place > 3; place -= 3) digits.insert(place - 3, ",");
  return digits;
}

}  // namespace linkwright
