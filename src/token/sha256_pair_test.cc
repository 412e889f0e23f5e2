#include "token/sha256_pair.h"

#include <gtest/gtest.h>

#include <random>

namespace linkwright {
namespace {

TEST(Sha256Pair, AgreesWithOpenSslOnRandomChains) {
  if (!has_sha_instructions()) GTEST_SKIP() << "this processor has no SHA instructions";
  std::mt19937_64 random(20261120);
  std::array<Sha256State, 2> ours = {kSha256Start, kSha256Start};
  std::array<Sha256State, 2> openssl = ours;
  for (int round = 0; round < 2000; ++round) {
    std::array<Sha256Block, 2> blocks;
    for (Sha256Block& block : blocks) {
      for (uint8_t& byte : block) byte = static_cast<uint8_t>(random());
    }
    sha256_compress_pair_by_instructions(&ours[0], blocks[0], &ours[1], blocks[1]);
    sha256_compress_pair_by_openssl(&openssl[0], blocks[0], &openssl[1], blocks[1]);
    ASSERT_EQ(ours, openssl) << round;
  }
}

// FIPS 180-4's example "abc", in both places of the pair.
TEST(Sha256Pair, MatchesThePublishedExample) {
  Sha256Block block{'a', 'b', 'c', 0x80};
  block.back() = 24;
  const Sha256State expected = {0xba7816bf, 0x8f01cfea, 0x414140de, 0x5dae2223,
                                0xb00361a3, 0x96177a9c, 0xb410ff61, 0xf20015ad};
  Sha256State first = kSha256Start;
  Sha256State second = kSha256Start;
  sha256_compress_pair(&first, block, &second, block);
  EXPECT_EQ(first, expected);
  EXPECT_EQ(second, expected);
}

}  // namespace
}  // namespace linkwright
