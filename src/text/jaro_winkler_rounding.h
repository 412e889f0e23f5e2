#pragma once

#include <cstdint>

namespace linkwright {

/// How Jaro-Winkler adds its prefix bonus: DuckDB 2.0 (Splink 5) computes fma(bonus, 1 - jaro, jaro) in one rounding,
/// earlier DuckDB and rapidfuzz round twice (docs/decisions/0005-jaro-winkler-rounding.md).
enum class JaroWinklerRounding : uint8_t { kFused, kPlain };

}  // namespace linkwright
