#pragma once

#include <cstddef>
#include <cstdint>

namespace linkwright {

/// SQL's three truth values in two bits: bit 0 says true, bit 1 says false, neither says null. Chosen so that AND, OR
/// and NOT are a few bitwise operations, which the compiler vectorises over whole rows.
using Truth = uint8_t;
inline constexpr Truth kNullTruth = 0;
inline constexpr Truth kTrue = 1;
inline constexpr Truth kFalse = 2;

inline Truth truth_and(Truth a, Truth b) { return static_cast<Truth>((a & b & kTrue) | ((a | b) & kFalse)); }
inline Truth truth_or(Truth a, Truth b) { return static_cast<Truth>(((a | b) & kTrue) | (a & b & kFalse)); }
inline Truth truth_not(Truth a) { return static_cast<Truth>(((a & kTrue) << 1) | ((a & kFalse) >> 1)); }
inline Truth truth_of(bool value) { return value ? kTrue : kFalse; }

}  // namespace linkwright
