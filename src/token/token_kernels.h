#pragma once

#include <cstdint>
#include <vector>

namespace linkwright {

/// How tokens are hashed and encrypted. The results are the same byte for byte; encryption draws its IVs elsewhere.
enum class TokenKernels : uint8_t {
  kOpenSsl,  // OpenSSL below EVP, and two SHA-256 chains at a time where the processor has SHA instructions
  kWide,     // sixteen SHA-256 chains and four GCM messages at a time in 512-bit registers (Ice Lake, Zen 4 and later)
};

/// The fastest that this processor has.
TokenKernels best_token_kernels();

/// All that this processor has, for tests that force each.
std::vector<TokenKernels> supported_token_kernels();

const char* to_string(TokenKernels kernels);

}  // namespace linkwright

/// For functions of kWide: they must only be called where supported_token_kernels names it.
#define LW_WIDE_TOKENS \
  __attribute__((target("aes,pclmul,avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,vaes,vpclmulqdq")))
