#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "token/token_kernels.h"

namespace linkwright {

class WideTokenEncryptor;

constexpr size_t kSha256HexLength = 64;
constexpr size_t kHashTokenLength = 44;       // base64 of 32 bytes
constexpr size_t kEncryptedTokenLength = 96;  // base64 of 12 + 44 + 16 bytes
constexpr size_t kEncryptionKeyLength = 32;

/// That a key has the length of AES-256's; the error does not show it.
Status check_encryption_key(std::string_view key);

/// Lower-case hexadecimal SHA-256.
std::string sha256_hex(std::string_view bytes);

/// The first 16 bytes of the SHA-256, as two numbers.
std::array<uint64_t, 2> token_digest(std::string_view token);

/// Signatures to hash tokens: base64(HMAC-SHA256(secret, hexadecimal SHA-256 of the signature)).
///
/// The secret's two padded blocks are hashed once; a token costs four SHA-256 compressions. Holds a state from which
/// tokens can be made, and wipes it when it goes. Const calls are thread-safe.
class TokenHasher {
 public:
  explicit TokenHasher(std::string_view secret, TokenKernels kernels = best_token_kernels());
  ~TokenHasher();
  TokenHasher(const TokenHasher&) = delete;
  TokenHasher& operator=(const TokenHasher&) = delete;

  /// Writes kSha256HexLength characters.
  static void hash_signature(std::string_view signature, char* out);
  /// The token of the i-th signature goes to `places[i]`: kHashTokenLength characters. Many in one call are faster than
  /// one after the other.
  void hash(std::span<const std::string_view> signatures, std::span<char* const> places) const;

 private:
  struct Group;
  void authenticate(Group* group) const;
  struct State;
  std::unique_ptr<State> state_;
  TokenKernels kernels_;
};

/// Encrypts hash tokens, many in one call: base64(IV, AES-256-GCM ciphertext, tag), a random IV for each.
///
/// With kOpenSsl all the AES blocks of a group of tokens go through one bulk call, because a call for each token costs
/// more than the cipher; OpenSSL's own GCM code does the rest. One a thread. Wipes the key schedule when it goes.
class TokenEncryptor {
 public:
  static Result<std::unique_ptr<TokenEncryptor>> make(std::string_view key,
                                                      TokenKernels kernels = best_token_kernels());
  ~TokenEncryptor();

  /// `tokens` holds one hash token a place, one after the other; the i-th goes to `places[i]`:
  /// kEncryptedTokenLength characters.
  Status encrypt(const char* tokens, std::span<char* const> places);

 private:
  TokenEncryptor();
  Status encrypt_group(const char* tokens, std::span<char* const> places);
  struct State;
  std::unique_ptr<State> state_;              // kOpenSsl
  std::unique_ptr<WideTokenEncryptor> wide_;  // kWide
  std::vector<uint8_t> ivs_;
};

/// Opens what TokenEncryptor or a reference wrote. One a thread.
class TokenDecryptor {
 public:
  static Result<std::unique_ptr<TokenDecryptor>> make(std::string_view key);
  ~TokenDecryptor();

  /// The text inside, appended to `out`; false for what is not base64, is too short, or was not made with this key.
  bool decrypt(std::string_view token, std::string* out);

  /// AES-256-GCM with additional data, as JWE uses it.
  bool open(std::string_view iv, std::string_view additional, std::string_view ciphertext, std::string_view tag,
            std::string* out);

 private:
  TokenDecryptor();
  struct State;
  std::unique_ptr<State> state_;
};

/// Fills with bytes of the operating system's generator.
Status fill_random(void* out, size_t size);
/// Appends a random UUID (version 4) made of 16 random bytes.
void append_uuid(const uint8_t* random, std::string* out);

}  // namespace linkwright
