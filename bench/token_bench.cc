// Tokens of one record (five rules) without files, and the same work in bare OpenSSL: the floor that text handling and
// files come on top of. items_per_second is records per second of one core.

#include <benchmark/benchmark.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "token/sha256_pair.h"
#include "token/tokenizer_plan.h"

namespace linkwright {
namespace {

constexpr std::string_view kKey = "Secret-Encryption-Key-Goes-Here.";
constexpr std::array<std::string_view, 5> kSignatures = {"SMITH|J|MALE|1980-05-17", "SMITH|JOHN|1980-05-17|981",
                                                         "SMITH|JOHN|MALE|1980-05-17", "172100983|MALE|1980-05-17",
                                                         "SMITH|JOH|MALE"};
constexpr size_t kRecords = 4096;

/// What a careful user of OpenSSL writes: fetched once, contexts reused, the key of the MAC scheduled once.
class PlainOpenSsl {
 public:
  PlainOpenSsl() {
    EVP_MAC* hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    mac_ = EVP_MAC_CTX_new(hmac);
    EVP_MAC_free(hmac);
    char name[] = "SHA256";
    const OSSL_PARAM digest[] = {OSSL_PARAM_construct_utf8_string("digest", name, 0), OSSL_PARAM_construct_end()};
    EVP_MAC_init(mac_, reinterpret_cast<const unsigned char*>("HashingKey"), 10, digest);
    EVP_EncryptInit_ex(gcm_, EVP_aes_256_gcm(), nullptr, reinterpret_cast<const unsigned char*>(kKey.data()), nullptr);
  }
  ~PlainOpenSsl() {
    EVP_MD_CTX_free(sha_);
    EVP_MAC_CTX_free(mac_);
    EVP_MD_free(sha256_);
    EVP_CIPHER_CTX_free(gcm_);
  }

  void hash(std::string_view signature) {
    std::array<unsigned char, 32> digest;
    EVP_DigestInit_ex2(sha_, sha256_, nullptr);
    EVP_DigestUpdate(sha_, signature.data(), signature.size());
    EVP_DigestFinal_ex(sha_, digest.data(), nullptr);
    std::array<unsigned char, 64> hex;
    for (size_t i = 0; i < digest.size(); ++i) {
      hex[2 * i] = static_cast<unsigned char>("0123456789abcdef"[digest[i] >> 4]);
      hex[2 * i + 1] = static_cast<unsigned char>("0123456789abcdef"[digest[i] & 15]);
    }
    size_t length = 0;
    EVP_MAC_init(mac_, nullptr, 0, nullptr);
    EVP_MAC_update(mac_, hex.data(), hex.size());
    EVP_MAC_final(mac_, digest.data(), &length, digest.size());
    EVP_EncodeBlock(token_.data(), digest.data(), 32);
    benchmark::DoNotOptimize(token_);
  }

  void encrypt() {
    std::array<unsigned char, 72> message;
    if (iv_ == ivs_.size()) {
      RAND_bytes(ivs_.data(), static_cast<int>(ivs_.size()));
      iv_ = 0;
    }
    std::memcpy(message.data(), ivs_.data() + iv_, 12);
    iv_ += 12;
    int length = 0;
    EVP_EncryptInit_ex(gcm_, nullptr, nullptr, nullptr, message.data());
    EVP_EncryptUpdate(gcm_, message.data() + 12, &length, token_.data(), 44);
    EVP_EncryptFinal_ex(gcm_, message.data() + 56, &length);
    EVP_CIPHER_CTX_ctrl(gcm_, EVP_CTRL_GCM_GET_TAG, 16, message.data() + 56);
    std::array<unsigned char, 97> text;
    EVP_EncodeBlock(text.data(), message.data(), 72);
    benchmark::DoNotOptimize(text);
  }

 private:
  EVP_MD* sha256_ = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVP_MD_CTX* sha_ = EVP_MD_CTX_new();
  EVP_MAC_CTX* mac_ = nullptr;
  EVP_CIPHER_CTX* gcm_ = EVP_CIPHER_CTX_new();
  std::array<unsigned char, 45> token_{};
  std::array<unsigned char, 64 * 12> ivs_{};  // drawn together: a call for each costs more than the cipher
  size_t iv_ = ivs_.size();
};

void bare_openssl(benchmark::State& state) {
  PlainOpenSsl openssl;
  for (auto _ : state) {
    for (std::string_view signature : kSignatures) {
      openssl.hash(signature);
      if (state.range(0) != 0) openssl.encrypt();
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(bare_openssl)->ArgName("encrypt")->Arg(0)->Arg(1);

void our_cryptography(benchmark::State& state) {
  const auto kernels = static_cast<TokenKernels>(state.range(1));
  if (kernels > best_token_kernels()) {
    state.SkipWithError("this processor has no such instructions");
    return;
  }
  const TokenHasher hasher("HashingKey", kernels);
  const auto encryptor = TokenEncryptor::make(kKey, kernels).ValueOrDie();
  std::string tokens(kRecords * 5 * kHashTokenLength, ' ');
  std::string encrypted(kRecords * 5 * kEncryptedTokenLength, ' ');
  std::vector<std::string_view> signatures;
  std::vector<char*> hash_places;
  std::vector<char*> places;
  for (size_t i = 0; i < kRecords * 5; ++i) {
    signatures.push_back(kSignatures[i % 5]);
    hash_places.push_back(tokens.data() + i * kHashTokenLength);
    places.push_back(encrypted.data() + i * kEncryptedTokenLength);
  }
  for (auto _ : state) {
    hasher.hash(signatures, hash_places);
    if (state.range(0) != 0 && !encryptor->encrypt(tokens.data(), places).ok()) std::abort();
    benchmark::DoNotOptimize(encrypted);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kRecords));
}
BENCHMARK(our_cryptography)
    ->ArgNames({"encrypt", "kernels"})
    ->ArgsProduct({{0, 1}, {static_cast<int>(TokenKernels::kOpenSsl), static_cast<int>(TokenKernels::kWide)}});

/// items_per_second is blocks per second.
void sha256_compression(benchmark::State& state) {
  Sha256State first = kSha256Start;
  Sha256State second = kSha256Start;
  Sha256Block block{};
  const bool pair = state.range(0) != 0 && has_sha_instructions();
  for (auto _ : state) {
    pair ? sha256_compress_pair_by_instructions(&first, block, &second, block)
         : sha256_compress_pair_by_openssl(&first, block, &second, block);
    std::memcpy(block.data(), first.data(), sizeof(first));
  }
  state.SetItemsProcessed(state.iterations() * 2);
}
BENCHMARK(sha256_compression)->ArgName("pair")->Arg(0)->Arg(1);

void make_tokens(benchmark::State& state) {
  TokenizerOptions options;
  options.mode = static_cast<TokenMode>(state.range(0));
  options.today = "2026-11-20";
  const auto tokenizer = Tokenizer::make(options, Secret("HashingKey"), Secret(kKey)).ValueOrDie();
  const std::vector<std::string> headers = {"RecordId",   "FirstName",           "LastName", "BirthDate", "Sex",
                                            "PostalCode", "SocialSecurityNumber"};
  const PeopleLayout layout = lay_out_people(tokenizer->plan(), headers).ValueOrDie();
  constexpr std::array<std::string_view, 7> kRow = {
      "00000000-0000-0000-0000-000000000000", "John", "Smith", "1980-05-17", "Male", "98101", "172-10-0983"};
  TextColumns people;
  people.clear(layout.slot_count);
  people.rows = kRecords;
  for (size_t column = 0; column < kRow.size(); ++column) {
    people.columns[static_cast<size_t>(layout.slots[column])].assign(kRecords, RawValue::of(kRow[column]));
  }
  const auto worker = TokenWorker::make(tokenizer->plan()).ValueOrDie();
  TokenTable table;
  BatchCounts counts;
  for (auto _ : state) {
    table = TokenTable{};
    if (!worker->make_tokens(layout, people, &table, &counts).ok()) std::abort();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kRecords));
}
BENCHMARK(make_tokens)
    ->ArgName("mode")
    ->Arg(static_cast<int>(TokenMode::kPlain))
    ->Arg(static_cast<int>(TokenMode::kHash))
    ->Arg(static_cast<int>(TokenMode::kEncrypt));

}  // namespace
}  // namespace linkwright
