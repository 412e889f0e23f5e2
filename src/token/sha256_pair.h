#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace linkwright {

constexpr size_t kSha256BlockLength = 64;

using Sha256Block = std::array<uint8_t, kSha256BlockLength>;

/// The chaining value of SHA-256 (FIPS 180-4, section 6.2): eight words.
using Sha256State = std::array<uint32_t, 8>;
constexpr Sha256State kSha256Start = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

/// The digest that a chain stands for: its words, big-endian; writes 32 bytes.
void write_sha256_digest(const Sha256State& state, uint8_t* out);

/// Advances two chains by one block each.
///
/// A round of SHA-256 waits for the one before it; of two chains that are interleaved, one works while the other waits:
/// 37 ns a block instead of 43 on a Sapphire Rapids core whose other thread was busy (sha256_compression in
/// bench/token_bench.cc). Without SHA instructions OpenSSL compresses one after the other.
void sha256_compress_pair(Sha256State* a, const Sha256Block& block_a, Sha256State* b, const Sha256Block& block_b);

/// The two ways of the above, for tests; the first must only be called where the processor has the instructions.
bool has_sha_instructions();
void sha256_compress_pair_by_instructions(Sha256State* a, const Sha256Block& block_a, Sha256State* b,
                                          const Sha256Block& block_b);
void sha256_compress_pair_by_openssl(Sha256State* a, const Sha256Block& block_a, Sha256State* b,
                                     const Sha256Block& block_b);

}  // namespace linkwright
