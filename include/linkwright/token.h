#pragma once

#include <arrow/result.h>

#include <string_view>

namespace linkwright {

/// Which reference implementation the tokens must equal, byte for byte. They differ on odd input (docs/tokens.md), so a
/// token names its profile, and only tokens of one profile can be compared.
enum class TokenProfile { kJava113, kPython113, kJava21, kPython22 };

/// How an encrypted token is written.
enum class TokenFormat {
  kEncryptedHash,  // 1.x: base64(IV, ciphertext, tag), 96 characters
  kMatchToken,     // 2.x: that, wrapped in a JWE: "olt.V1."...
};

/// "java-1.13", "py-1.13", "java-2.1", "py-2.2".
std::string_view token_profile_name(TokenProfile profile);
arrow::Result<TokenProfile> parse_token_profile(std::string_view name);

}  // namespace linkwright
