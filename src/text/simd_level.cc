#include "text/simd_level.h"

namespace linkwright {

SimdLevel best_simd_level() {
  static const SimdLevel level = supported_simd_levels().back();
  return level;
}

std::vector<SimdLevel> supported_simd_levels() {
  std::vector<SimdLevel> levels = {SimdLevel::kBaseline};
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2")) levels.push_back(SimdLevel::kAvx2);
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")) {
    levels.push_back(SimdLevel::kAvx512);
  }
  return levels;
}

const char* to_string(SimdLevel level) {
  switch (level) {
    case SimdLevel::kBaseline:
      return "x86-64-v2";
    case SimdLevel::kAvx2:
      return "AVX2";
    case SimdLevel::kAvx512:
      return "AVX-512";
  }
  return "";
}

}  // namespace linkwright
