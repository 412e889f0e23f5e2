#pragma once

#include <cstdint>
#include <vector>

namespace linkwright {

/// Instruction sets that the many-to-many kernels are compiled for.
enum class SimdLevel : uint8_t { kBaseline, kAvx2, kAvx512 };

/// The best one that this processor has.
SimdLevel best_simd_level();

/// All that this processor has, for tests that force each.
std::vector<SimdLevel> supported_simd_levels();

/// That of several which belongs to a level.
template <typename T>
const T& of_level(SimdLevel level, const T& baseline, const T& avx2, const T& avx512) {
  return level == SimdLevel::kAvx512 ? avx512 : level == SimdLevel::kAvx2 ? avx2 : baseline;
}

const char* to_string(SimdLevel level);

}  // namespace linkwright
