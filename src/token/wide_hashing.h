#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "token/sha256_pair.h"

namespace linkwright {

/// Hash tokens, sixteen at a time, one in each 32-bit lane of the registers: base64(HMAC-SHA256(secret, hexadecimal
/// SHA-256 of the signature)), where `inner` and `outer` are the chains behind the secret's padded blocks. The token of
/// the i-th signature goes to `places[i]`. To be called only where supported_token_kernels names kWide.
///
/// Between its four compressions a token stays in registers. 80 ns a token on a Sapphire Rapids core; two chains at a
/// time by SHA instructions take 180 (our_cryptography in bench/token_bench.cc). After S. Gueron and V. Krasnov,
/// "Simultaneous hashing of multiple messages" (2012).
void hash_tokens_wide(const Sha256State& inner, const Sha256State& outer, std::span<const std::string_view> signatures,
                      std::span<char* const> places);

}  // namespace linkwright
