#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace linkwright {

// Numbers in bytes that compare as the numbers do.

template <class Number>
Number to_big_endian(Number number) {
  if constexpr (sizeof(Number) == 8) return __builtin_bswap64(number);
  if constexpr (sizeof(Number) == 4) return __builtin_bswap32(number);
  if constexpr (sizeof(Number) == 2) return __builtin_bswap16(number);
}

template <class Number>
void append_number(Number number, std::string* out) {
  const Number bytes = to_big_endian(number);
  out->append(reinterpret_cast<const char*>(&bytes), sizeof(bytes));
}

/// The number at the front of some bytes, which it is taken off.
template <class Number>
Number take_number(std::string_view* bytes) {
  Number number;
  std::memcpy(&number, bytes->data(), sizeof(number));
  bytes->remove_prefix(sizeof(number));
  return to_big_endian(number);
}

}  // namespace linkwright
