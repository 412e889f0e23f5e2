#include "token/match_token.h"

#include <gtest/gtest.h>

#include "linkwright/token.h"

namespace linkwright {
namespace {

constexpr std::string_view kKey = "Secret-Encryption-Key-Goes-Here.";
constexpr std::string_view kHash = "tiFwTItzjkZUUwDRZsi6g+asiig7/xwcioQ/SObITc0=";

std::string encrypted_hash() {
  std::string out(kEncryptedTokenLength, ' ');
  char* const place = out.data();
  EXPECT_TRUE(TokenEncryptor::make(kKey).ValueOrDie()->encrypt(kHash.data(), {&place, 1}).ok());
  return out;
}

std::string match_token() {
  const auto writer = MatchTokenWriter::make(kKey, "ring \"one\"", {"T1", "T2"}, 1'700'000'000).ValueOrDie();
  std::string token;
  EXPECT_TRUE(writer->append(1, encrypted_hash(), &token).ok());
  return token;
}

TEST(MatchToken, OpensDownToTheHash) {
  const std::string token = match_token();
  EXPECT_EQ(token.substr(0, kMatchTokenPrefix.size()), kMatchTokenPrefix);
  EXPECT_NE(token.find(".."), std::string::npos) << "with alg dir the encrypted key is empty";
  std::string opened;
  ASSERT_TRUE(TokenOpener::make(kKey).ValueOrDie()->open(token, &opened));
  EXPECT_EQ(opened, kHash);
}

TEST(TokenOpener, OpensBothFormatsAndLeavesBlankTokens) {
  const auto opener = TokenOpener::make(kKey).ValueOrDie();
  std::string opened;
  ASSERT_TRUE(opener->open(encrypted_hash(), &opened));
  EXPECT_EQ(opened, kHash);
  opened.clear();
  ASSERT_TRUE(opener->open(kBlankToken, &opened));
  EXPECT_EQ(opened, kBlankToken);
}

TEST(TokenOpener, RefusesAnotherKeyAndTouchedTokens) {
  std::string opened;
  const std::string token = match_token();
  EXPECT_FALSE(TokenOpener::make(std::string(32, 'k')).ValueOrDie()->open(token, &opened));
  const auto opener = TokenOpener::make(kKey).ValueOrDie();
  for (size_t at = kMatchTokenPrefix.size(); at < token.size(); at += 37) {
    std::string touched = token;
    touched[at] = touched[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(opener->open(touched, &opened)) << at;
  }
  for (const char* none : {"olt.V1.", "olt.V1.....", "olt.V1.a.b.c.d.e", "olt.V2.a..b.c.d"}) {
    EXPECT_FALSE(opener->open(none, &opened)) << none;
  }
  EXPECT_EQ(opened, "");
}

}  // namespace
}  // namespace linkwright
