#include "token/token_crypto.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <random>
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

std::string kernels_name(const testing::TestParamInfo<TokenKernels>& kernels) { return to_string(kernels.param); }

/// Every way this processor can hash and encrypt.
class TokenHasherBy : public testing::TestWithParam<TokenKernels> {};
class TokenEncryptorBy : public testing::TestWithParam<TokenKernels> {};
INSTANTIATE_TEST_SUITE_P(Kernels, TokenHasherBy, testing::ValuesIn(supported_token_kernels()), kernels_name);
INSTANTIATE_TEST_SUITE_P(Kernels, TokenEncryptorBy, testing::ValuesIn(supported_token_kernels()), kernels_name);

/// base64(HMAC-SHA256(secret, hexadecimal SHA-256)) by EVP alone.
std::string hash_by_evp(std::string_view secret, std::string_view signature) {
  unsigned char digest[32];
  EVP_Digest(signature.data(), signature.size(), digest, nullptr, EVP_sha256(), nullptr);
  std::string hex;
  for (unsigned char byte : digest) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  unsigned char mac[32];
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(hex.data()),
       hex.size(), mac, nullptr);
  unsigned char text[45];
  EVP_EncodeBlock(text, mac, 32);
  return reinterpret_cast<char*>(text);
}

std::string encrypt(TokenEncryptor* encryptor, std::string_view tokens) {
  std::string encrypted(tokens.size() / kHashTokenLength * kEncryptedTokenLength, ' ');
  std::vector<char*> places;
  for (size_t at = 0; at < encrypted.size(); at += kEncryptedTokenLength) places.push_back(encrypted.data() + at);
  EXPECT_TRUE(encryptor->encrypt(tokens.data(), places).ok());
  return encrypted;
}

// The base example of the reference: John Smith, T1, secret HashingKey.
TEST_P(TokenHasherBy, MatchesThePublishedExample) {
  EXPECT_EQ(sha256_hex("SMITH|J|MALE|1980-05-17"), "dafe4facd20a07d683dad807c6f91131f689f9eb42e2684a10fd20b1cc9d196d");
  EXPECT_EQ(hash_of(TokenHasher("HashingKey", GetParam()), "SMITH|J|MALE|1980-05-17"),
            "tiFwTItzjkZUUwDRZsi6g+asiig7/xwcioQ/SObITc0=");
}

// Secrets shorter than, as long as, and longer than a block of SHA-256, against OpenSSL's own HMAC.
TEST_P(TokenHasherBy, AgreesWithHmacForSecretsOfAnyLength) {
  for (size_t length : {1, 63, 64, 65, 200}) {
    const std::string secret(length, 'k');
    EXPECT_EQ(hash_of(TokenHasher(secret, GetParam()), "signature"), hash_by_evp(secret, "signature")) << length;
  }
}

// Short ones have one block of SHA-256, 56 bytes and more a second one; a group has messages of both.
TEST_P(TokenHasherBy, AgreesWithHmacForSignaturesOfEveryLength) {
  const TokenHasher hasher("HashingKey", GetParam());
  std::mt19937_64 random(20261120);
  std::vector<std::string> signatures;
  for (size_t length = 0; length < 330; ++length) {
    std::string& signature = signatures.emplace_back(length, ' ');
    for (char& c : signature) c = static_cast<char>(random());
  }
  std::shuffle(signatures.begin(), signatures.end(), random);
  const std::vector<std::string_view> views(signatures.begin(), signatures.end());
  std::string tokens(signatures.size() * (kHashTokenLength + 1), '?');
  std::vector<char*> places;
  for (size_t i = 0; i < signatures.size(); ++i) places.push_back(tokens.data() + i * (kHashTokenLength + 1));
  for (size_t count : {size_t{1}, size_t{2}, size_t{15}, size_t{16}, size_t{17}, size_t{65}, views.size()}) {
    std::fill(tokens.begin(), tokens.end(), '?');
    hasher.hash({views.data(), count}, {places.data(), count});
    for (size_t i = 0; i < count; ++i) {
      ASSERT_EQ(tokens.substr(i * (kHashTokenLength + 1), kHashTokenLength + 1),
                hash_by_evp("HashingKey", signatures[i]) + "?")
          << "signature " << i << " of " << count << ", " << signatures[i].size() << " bytes";
    }
    EXPECT_EQ(tokens.find_first_not_of('?', count * (kHashTokenLength + 1)), std::string::npos) << count;
  }
}

TEST_P(TokenEncryptorBy, WritesWhatPlainAesGcmOpens) {
  std::mt19937_64 random(20261120);
  std::set<std::string> ivs;
  size_t all = 0;
  for (size_t count : {1, 2, 3, 4, 5, 63, 64, 65, 150, 511, 512, 513, 1200}) {
    std::string key(kEncryptionKeyLength, ' ');
    for (char& c : key) c = static_cast<char>(random());
    const auto encryptor = TokenEncryptor::make(key, GetParam()).ValueOrDie();
    const auto decryptor = TokenDecryptor::make(key).ValueOrDie();
    std::string tokens(count * kHashTokenLength, ' ');
    for (char& c : tokens) c = static_cast<char>(random());
    const std::string encrypted = encrypt(encryptor.get(), tokens);
    for (size_t i = 0; i < count; ++i) {
      const std::string token = encrypted.substr(i * kEncryptedTokenLength, kEncryptedTokenLength);
      std::string opened;
      ASSERT_TRUE(decryptor->decrypt(token, &opened)) << i << " of " << count;
      ASSERT_EQ(opened, tokens.substr(i * kHashTokenLength, kHashTokenLength)) << i << " of " << count;
      ivs.insert(token.substr(0, 16));
    }
    all += count;
  }
  EXPECT_EQ(ivs.size(), all) << "every token has its own IV";
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

TEST_P(TokenEncryptorBy, RefusesKeysThatAreNotThirtyTwoBytes) {
  const Status status = TokenEncryptor::make("too short", GetParam()).status();
  EXPECT_TRUE(status.IsInvalid());
  EXPECT_EQ(status.message().find("too short"), std::string::npos) << "an error never shows a key";
}

}  // namespace
}  // namespace linkwright
