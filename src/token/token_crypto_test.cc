#include "token/token_crypto.h"

#include <gtest/gtest.h>
#include <openssl/hmac.h>

#include <set>

namespace linkwright {
namespace {

constexpr std::string_view kKey = "Secret-Encryption-Key-Goes-Here.";

std::string hash_of(const TokenHasher& hasher, std::string_view signature) {
  std::string out(kHashTokenLength, ' ');
  char* const place = out.data();
  hasher.hash({&signature, 1}, {&place, 1});
  return out;
}

// The base example of the reference: John Smith, T1, secret HashingKey.
TEST(TokenHasher, MatchesThePublishedExample) {
  EXPECT_EQ(sha256_hex("SMITH|J|MALE|1980-05-17"), "dafe4facd20a07d683dad807c6f91131f689f9eb42e2684a10fd20b1cc9d196d");
  EXPECT_EQ(hash_of(TokenHasher("HashingKey"), "SMITH|J|MALE|1980-05-17"),
            "tiFwTItzjkZUUwDRZsi6g+asiig7/xwcioQ/SObITc0=");
}

// Secrets shorter than, as long as, and longer than a block of SHA-256, against OpenSSL's own HMAC.
TEST(TokenHasher, AgreesWithHmacForSecretsOfAnyLength) {
  for (size_t length : {1, 63, 64, 65, 200}) {
    const std::string secret(length, 'k');
    const std::string hex = sha256_hex("signature");
    unsigned char mac[32];
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(length), reinterpret_cast<const unsigned char*>(hex.data()),
         hex.size(), mac, nullptr);
    unsigned char text[64];
    EVP_EncodeBlock(text, mac, 32);
    EXPECT_EQ(hash_of(TokenHasher(secret), "signature"), reinterpret_cast<char*>(text)) << length;
  }
}

TEST(TokenHasher, MakesTheSameTokensManyAtOnce) {
  const TokenHasher hasher("HashingKey");
  std::vector<std::string> signatures;
  for (size_t length = 0; length < 130; length += 3) signatures.push_back(std::string(length, 'S'));
  ASSERT_EQ(signatures.size() % 2, 0U);
  signatures.emplace_back("the odd one");
  const std::vector<std::string_view> views(signatures.begin(), signatures.end());
  std::vector<std::string> tokens(signatures.size(), std::string(kHashTokenLength, ' '));
  std::vector<char*> places;
  for (std::string& token : tokens) places.push_back(token.data());
  hasher.hash(views, places);
  for (size_t i = 0; i < tokens.size(); ++i) EXPECT_EQ(tokens[i], hash_of(hasher, signatures[i])) << i;
}

TEST(TokenEncryptor, WritesWhatPlainAesGcmOpens) {
  const auto encryptor = TokenEncryptor::make(kKey).ValueOrDie();
  const auto decryptor = TokenDecryptor::make(kKey).ValueOrDie();
  const TokenHasher hasher("HashingKey");
  constexpr size_t kCount = 150;  // two full groups and a part of one
  std::string tokens;
  for (size_t i = 0; i < kCount; ++i) tokens += hash_of(hasher, std::to_string(i));
  std::string encrypted(kCount * kEncryptedTokenLength, ' ');
  std::vector<char*> places;
  for (size_t i = 0; i < kCount; ++i) places.push_back(encrypted.data() + i * kEncryptedTokenLength);
  ASSERT_TRUE(encryptor->encrypt(tokens.data(), places).ok());
  std::set<std::string> ivs;
  for (size_t i = 0; i < kCount; ++i) {
    const std::string token = encrypted.substr(i * kEncryptedTokenLength, kEncryptedTokenLength);
    std::string opened;
    ASSERT_TRUE(decryptor->decrypt(token, &opened)) << i;
    EXPECT_EQ(opened, tokens.substr(i * kHashTokenLength, kHashTokenLength));
    ivs.insert(token.substr(0, 16));
  }
  EXPECT_EQ(ivs.size(), kCount) << "every token has its own IV";
}

TEST(TokenDecryptor, RefusesTokensThatWereTouchedOrAreNone) {
  const auto encryptor = TokenEncryptor::make(kKey).ValueOrDie();
  const auto decryptor = TokenDecryptor::make(kKey).ValueOrDie();
  std::string encrypted(kEncryptedTokenLength, ' ');
  char* const place = encrypted.data();
  ASSERT_TRUE(encryptor->encrypt("tiFwTItzjkZUUwDRZsi6g+asiig7/xwcioQ/SObITc0=", {&place, 1}).ok());
  std::string out;
  for (size_t at : {size_t{0}, size_t{20}, size_t{95}}) {
    std::string touched = encrypted;
    touched[at] = touched[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(decryptor->decrypt(touched, &out)) << at;
  }
  for (const char* none : {"", "abc", "====", "AAAA", "not base64 at all!!!"})
    EXPECT_FALSE(decryptor->decrypt(none, &out));
  EXPECT_TRUE(out.empty());
}

TEST(TokenEncryptor, RefusesKeysThatAreNotThirtyTwoBytes) {
  const Status status = TokenEncryptor::make("too short").status();
  EXPECT_TRUE(status.IsInvalid());
  EXPECT_EQ(status.message().find("too short"), std::string::npos) << "an error never shows a key";
}

}  // namespace
}  // namespace linkwright
