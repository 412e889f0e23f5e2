#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace linkwright {

/// AES-256-GCM for hash tokens, four at a time: base64(IV, ciphertext, tag). Every message has the same 44 bytes, so
/// its four counter blocks fill one 512-bit register, and so do the four blocks that its tag is computed over.
///
/// To be made and called only where supported_token_kernels names kWide. Wipes the key schedule when it goes. Const
/// calls are thread-safe. 16 ns a token on a Sapphire Rapids core; OpenSSL's GCM code with AES in bulk takes 110
/// (our_cryptography in bench/token_bench.cc). The hashing of the tag is after S. Gueron and M. Kounavis, "Intel
/// Carry-Less Multiplication Instruction and its Usage for Computing the GCM Mode" (2014).
class WideTokenEncryptor {
 public:
  static constexpr size_t kIvBytes = 12;

  /// `key` has 32 bytes.
  explicit WideTokenEncryptor(std::string_view key);
  ~WideTokenEncryptor();
  WideTokenEncryptor(const WideTokenEncryptor&) = delete;
  WideTokenEncryptor& operator=(const WideTokenEncryptor&) = delete;

  /// `tokens` holds one hash token a place, one after the other, and `ivs` one IV a place. The i-th token goes to
  /// `places[i]`, in 96 characters.
  void encrypt(const char* tokens, const uint8_t* ivs, std::span<char* const> places) const;

 private:
  static constexpr size_t kRoundKeys = 15;
  struct Group;
  void expand_key(std::string_view key);
  void compute_hash_keys();
  void encrypt_group(const Group& group) const;

  /// Four blocks in one register.
  struct alignas(64) FourBlocks {
    std::array<uint8_t, 64> bytes;
  };
  std::array<FourBlocks, kRoundKeys> round_keys_;  // each four times the same
  FourBlocks hash_keys_;                           // the fourth power of the hash key, the third, the second, the first
};

}  // namespace linkwright
