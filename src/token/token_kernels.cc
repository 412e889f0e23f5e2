#include "token/token_kernels.h"

#include <cpuid.h>

namespace linkwright {
namespace {

/// Compilers differ in the names they know for these, so the processor is asked itself.
bool has_aes_and_clmul_for_512_bits() {
  constexpr unsigned kPclmulAndAes = 1U << 1 | 1U << 25;       // leaf 1, ecx
  constexpr unsigned kVaesAndVpclmulqdq = 1U << 9 | 1U << 10;  // leaf 7, ecx
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
  if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) == 0 || (ecx & kPclmulAndAes) != kPclmulAndAes) return false;
  return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 && (ecx & kVaesAndVpclmulqdq) == kVaesAndVpclmulqdq;
}

}  // namespace

TokenKernels best_token_kernels() {
  static const TokenKernels kernels = supported_token_kernels().back();
  return kernels;
}

std::vector<TokenKernels> supported_token_kernels() {
  std::vector<TokenKernels> kernels = {TokenKernels::kOpenSsl};
  __builtin_cpu_init();  // these also say whether the operating system keeps the registers
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi") && has_aes_and_clmul_for_512_bits()) {
    kernels.push_back(TokenKernels::kWide);
  }
  return kernels;
}

const char* to_string(TokenKernels kernels) { return kernels == TokenKernels::kWide ? "wide" : "OpenSSL"; }

}  // namespace linkwright
