#pragma once

#include <cstdint>

namespace linkwright {

/// How tightly operators bind in DuckDB (and PostgreSQL), weakest first; kValue is all that needs no parentheses.
enum class Precedence : uint8_t {
  kOr,
  kAnd,
  kNot,
  kIs,
  kComparison,
  kLike,   // and IN, BETWEEN
  kOther,  // ||, ~, @>, ...
  kSum,
  kProduct,
  kPower,
  kSign,
  kValue
};

constexpr Precedence tighter(Precedence precedence) {
  return static_cast<Precedence>(static_cast<uint8_t>(precedence) + 1);
}

}  // namespace linkwright
