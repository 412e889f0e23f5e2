// The low-level SHA-256 calls and the GCM building blocks below are OpenSSL's own code without the per-call fetching
// and checking of EVP, which costs more than hashing the few bytes of a token (bench/token_bench.cc shows both).
#define OPENSSL_SUPPRESS_DEPRECATED

#include "token/token_crypto.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/modes.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "token/sha256_pair.h"
#include "token/text_encoding.h"
#include "token/wide_encryption.h"
#include "token/wide_hashing.h"

namespace linkwright {
namespace {

constexpr size_t kBlock = 16;
constexpr size_t kIvLength = 12;
constexpr size_t kTagLength = 16;
constexpr size_t kMessageLength = kIvLength + kHashTokenLength + kTagLength;
constexpr size_t kBlocksPerToken = 1 + (kHashTokenLength + kBlock - 1) / kBlock;  // the tag's block, and the text's
constexpr size_t kGroup = 64;                                                     // tokens whose blocks share one call
constexpr size_t kIvsAtOnce = 512;  // a call of the generator costs as much as some hundred bytes of it

struct CipherContextDeleter {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, CipherContextDeleter>;

using Sha256Digest = std::array<uint8_t, SHA256_DIGEST_LENGTH>;
constexpr size_t kLengthField = 8;  // bytes at the end of the last block: the length of the message in bits

/// Pads the last block of a message (FIPS 180-4): `used` bytes of it are text, the message has `message_bytes`.
constexpr void pad_last_block(Sha256Block* block, size_t used, uint64_t message_bytes) {
  (*block)[used] = 0x80;
  for (size_t i = used + 1; i < kSha256BlockLength - kLengthField; ++i) (*block)[i] = 0;
  for (size_t i = 0; i < kLengthField; ++i) {
    (*block)[kSha256BlockLength - 1 - i] = static_cast<uint8_t>(message_bytes * 8 >> (8 * i));
  }
}

bool fits_one_block(std::string_view text) { return text.size() < kSha256BlockLength - kLengthField; }

Sha256Block padded(std::string_view text) {
  Sha256Block block;
  std::memcpy(block.data(), text.data(), text.size());
  pad_last_block(&block, text.size(), text.size());
  return block;
}

void sha256(std::string_view text, uint8_t* out) {
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, text.data(), text.size());
  SHA256_Final(out, &context);
}

const uint8_t* bytes_of(std::string_view text) { return reinterpret_cast<const uint8_t*>(text.data()); }

Status crypto_error(const char* what) { return Status::UnknownError("OpenSSL could not ", what); }

}  // namespace

/// Signatures that are hashed together. Each step is done for all of them before the next begins: a step that reads in
/// 16 bytes what the one before wrote in fewer would wait for every write to reach the cache.
struct TokenHasher::Group {
  static constexpr size_t kSize = 64;
  std::array<Sha256Block, kSize> blocks;
  std::array<Sha256State, kSize> states;
  size_t count = 0;

  void start_all(const Sha256State& state) { std::fill_n(states.begin(), count, state); }

  void compress_all() {
    size_t i = 0;
    for (; i + 1 < count; i += 2) sha256_compress_pair(&states[i], blocks[i], &states[i + 1], blocks[i + 1]);
    if (i < count) compress_alone(&states[i], blocks[i]);
  }

  void compress_all(const Sha256Block& block) {
    size_t i = 0;
    for (; i + 1 < count; i += 2) sha256_compress_pair(&states[i], block, &states[i + 1], block);
    if (i < count) compress_alone(&states[i], block);
  }

  /// To the fronts of the blocks.
  void write_digests() {
    for (size_t i = 0; i < count; ++i) write_sha256_digest(states[i], blocks[i].data());
  }

  static void compress_alone(Sha256State* state, const Sha256Block& block) {
    Sha256State other = *state;
    sha256_compress_pair(state, block, &other, block);
  }

  /// The SHA-256 of texts, which are nearly always shorter than a block, to the fronts of the blocks.
  void hash(std::span<const std::string_view> texts) {
    count = texts.size();
    for (size_t i = 0; i < count; ++i) {
      if (fits_one_block(texts[i])) blocks[i] = padded(texts[i]);
    }
    start_all(kSha256Start);
    compress_all();
    write_digests();
    for (size_t i = 0; i < count; ++i) {
      if (!fits_one_block(texts[i])) sha256(texts[i], blocks[i].data());
    }
  }

  /// The digests at the fronts of the blocks become hexadecimal, which fills them.
  void digests_to_hex() {
    for (size_t i = 0; i < count; ++i) {
      const Sha256Block digest = blocks[i];
      write_hex(digest.data(), SHA256_DIGEST_LENGTH, reinterpret_cast<char*>(blocks[i].data()));
    }
  }
};

Status check_encryption_key(std::string_view key) {
  if (key.size() == kEncryptionKeyLength) return Status::OK();
  return Status::Invalid("the encryption key has ", key.size(), " bytes; AES-256 needs exactly ", kEncryptionKeyLength);
}

Status fill_random(void* out, size_t size) {
  if (RAND_bytes(static_cast<unsigned char*>(out), static_cast<int>(size)) == 1) return Status::OK();
  return crypto_error("draw random bytes");
}

void append_uuid(const uint8_t* random, std::string* out) {
  std::array<uint8_t, 16> bytes;
  std::copy_n(random, bytes.size(), bytes.begin());
  bytes[6] = static_cast<uint8_t>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<uint8_t>((bytes[8] & 0x3f) | 0x80);
  std::array<char, 32> hex;
  write_hex(bytes.data(), bytes.size(), hex.data());
  for (size_t i = 0; i < hex.size(); ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) out->push_back('-');
    out->push_back(hex[i]);
  }
}

std::string sha256_hex(std::string_view bytes) {
  std::string hex(kSha256HexLength, '0');
  TokenHasher::hash_signature(bytes, hex.data());
  return hex;
}

std::array<uint64_t, 2> token_digest(std::string_view token) {
  Sha256Digest digest;
  sha256(token, digest.data());
  std::array<uint64_t, 2> half;
  std::memcpy(half.data(), digest.data(), sizeof(half));
  return half;
}

/// The chains behind the key's blocks.
struct TokenHasher::State {
  Sha256State inner = kSha256Start;
  Sha256State outer = kSha256Start;
};

TokenHasher::TokenHasher(std::string_view secret, TokenKernels kernels)
    : state_(std::make_unique<State>()), kernels_(kernels) {
  Sha256Block key{};
  if (secret.size() > key.size()) {
    sha256(secret, key.data());
  } else {
    std::copy(secret.begin(), secret.end(), key.begin());
  }
  // RFC 2104: the key, padded with zeros to a block, exclusive-or 0x36 inside and 0x5c outside.
  Sha256Block inner;
  Sha256Block outer;
  std::transform(key.begin(), key.end(), inner.begin(), [](uint8_t b) { return static_cast<uint8_t>(b ^ 0x36); });
  std::transform(key.begin(), key.end(), outer.begin(), [](uint8_t b) { return static_cast<uint8_t>(b ^ 0x5c); });
  sha256_compress_pair(&state_->inner, inner, &state_->outer, outer);
  for (Sha256Block* block : {&key, &inner, &outer}) OPENSSL_cleanse(block->data(), block->size());
}

TokenHasher::~TokenHasher() { OPENSSL_cleanse(state_.get(), sizeof(State)); }

void TokenHasher::hash_signature(std::string_view signature, char* out) {
  Sha256Digest digest;
  sha256(signature, digest.data());
  write_hex(digest.data(), digest.size(), out);
}

void TokenHasher::hash(std::span<const std::string_view> signatures, std::span<char* const> places) const {
  if (kernels_ == TokenKernels::kWide) {
    hash_tokens_wide(state_->inner, state_->outer, signatures, places);
    return;
  }
  Group group;
  for (size_t done = 0; done < signatures.size(); done += group.count) {
    group.hash(signatures.subspan(done, std::min(Group::kSize, signatures.size() - done)));
    authenticate(&group);
    for (size_t i = 0; i < group.count; ++i) {
      write_base64(group.blocks[i].data(), SHA256_DIGEST_LENGTH, places[done + i]);
    }
  }
}

/// HMAC of messages of exactly one block: behind them a block of padding that is always the same, and around them the
/// digest with padding. Each message has the key's block in front. Digests in, digests out.
void TokenHasher::authenticate(Group* group) const {
  static constexpr Sha256Block kInnerPadding = [] {
    Sha256Block block{};
    pad_last_block(&block, 0, uint64_t{2} * kSha256BlockLength);
    return block;
  }();
  static constexpr Sha256Block kOuterPadding = [] {
    Sha256Block block{};
    pad_last_block(&block, SHA256_DIGEST_LENGTH, uint64_t{kSha256BlockLength} + SHA256_DIGEST_LENGTH);
    return block;
  }();
  static_assert(kSha256HexLength == kSha256BlockLength);
  group->digests_to_hex();
  group->start_all(state_->inner);
  group->compress_all();
  group->compress_all(kInnerPadding);
  std::fill_n(group->blocks.begin(), group->count, kOuterPadding);
  group->write_digests();
  group->start_all(state_->outer);
  group->compress_all();
  group->write_digests();
}

/// What OpenSSL's GCM code gets as its "key": the AES blocks that were made ahead.
struct TokenEncryptor::State {
  CipherContext aes;  // AES-256 over whole blocks (ECB), which is what counter mode is built from
  GCM128_CONTEXT* gcm = nullptr;
  std::array<uint8_t, kGroup * kBlocksPerToken * kBlock> blocks;
  std::array<std::array<uint8_t, kMessageLength>, kGroup> messages;  // IV, ciphertext, tag
  const uint8_t* ahead = nullptr;  // the blocks of the token in hand: counters 1, 2, 3, ...
  bool failed = false;

  ~State() {
    if (gcm != nullptr) CRYPTO_gcm128_release(gcm);
    OPENSSL_cleanse(blocks.data(), blocks.size());
  }

  bool encrypt_blocks(uint8_t* data, size_t size) {
    int written = 0;
    return EVP_EncryptUpdate(aes.get(), data, &written, data, static_cast<int>(size)) == 1 &&
           static_cast<size_t>(written) == size;
  }

  /// The cipher that GCM calls: a counter block's answer was made ahead; the block of zeros (the hash key) is not.
  static void cipher(const unsigned char* in, unsigned char* out, const void* key) {
    auto* state = static_cast<State*>(const_cast<void*>(key));
    if (state->ahead == nullptr) {
      std::memcpy(out, in, kBlock);
      state->failed = !state->encrypt_blocks(out, kBlock);
      return;
    }
    const size_t counter = in[kBlock - 1];  // one to four: the other bytes of the counter are zero
    std::memcpy(out, state->ahead + (counter - 1) * kBlock, kBlock);
  }
};

TokenEncryptor::TokenEncryptor() = default;
TokenEncryptor::~TokenEncryptor() = default;

Result<std::unique_ptr<TokenEncryptor>> TokenEncryptor::make(std::string_view key, TokenKernels kernels) {
  ARROW_RETURN_NOT_OK(check_encryption_key(key));
  std::unique_ptr<TokenEncryptor> encryptor(new TokenEncryptor());
  if (kernels == TokenKernels::kWide) {
    encryptor->wide_ = std::make_unique<WideTokenEncryptor>(key);
    return encryptor;
  }
  encryptor->state_ = std::make_unique<State>();
  State& state = *encryptor->state_;
  state.aes.reset(EVP_CIPHER_CTX_new());
  if (state.aes == nullptr ||
      EVP_EncryptInit_ex(state.aes.get(), EVP_aes_256_ecb(), nullptr, bytes_of(key), nullptr) != 1 ||
      EVP_CIPHER_CTX_set_padding(state.aes.get(), 0) != 1) {
    return crypto_error("set up AES-256");
  }
  state.gcm = CRYPTO_gcm128_new(&state, &State::cipher);
  if (state.gcm == nullptr || state.failed) return crypto_error("set up GCM");
  return encryptor;
}

Status TokenEncryptor::encrypt(const char* tokens, std::span<char* const> places) {
  const size_t at_once = wide_ != nullptr ? kIvsAtOnce : kGroup;
  for (size_t done = 0; done < places.size(); done += at_once) {
    const std::span<char* const> group = places.subspan(done, std::min(at_once, places.size() - done));
    ivs_.resize(group.size() * kIvLength);
    ARROW_RETURN_NOT_OK(fill_random(ivs_.data(), ivs_.size()));
    const char* const first = tokens + done * kHashTokenLength;
    if (wide_ != nullptr) {
      wide_->encrypt(first, ivs_.data(), group);
    } else {
      ARROW_RETURN_NOT_OK(encrypt_group(first, group));
    }
  }
  return Status::OK();
}

Status TokenEncryptor::encrypt_group(const char* tokens, std::span<char* const> places) {
  const size_t count = places.size();
  State& state = *state_;
  constexpr size_t kStride = kBlocksPerToken * kBlock;
  std::memset(state.blocks.data(), 0, count * kStride);
  for (size_t token = 0; token < count; ++token) {
    for (size_t block = 0; block < kBlocksPerToken; ++block) {
      uint8_t* counter = state.blocks.data() + token * kStride + block * kBlock;
      std::memcpy(counter, ivs_.data() + token * kIvLength, kIvLength);
      counter[kBlock - 1] = static_cast<uint8_t>(block + 1);
    }
  }
  if (!state.encrypt_blocks(state.blocks.data(), count * kStride)) return crypto_error("encrypt");
  for (size_t token = 0; token < count; ++token) {
    auto& message = state.messages[token];
    state.ahead = state.blocks.data() + token * kStride;
    std::memcpy(message.data(), ivs_.data() + token * kIvLength, kIvLength);
    CRYPTO_gcm128_setiv(state.gcm, message.data(), kIvLength);
    if (CRYPTO_gcm128_encrypt(state.gcm, reinterpret_cast<const uint8_t*>(tokens + token * kHashTokenLength),
                              message.data() + kIvLength, kHashTokenLength) != 0) {
      return crypto_error("encrypt");
    }
    CRYPTO_gcm128_tag(state.gcm, message.data() + kIvLength + kHashTokenLength, kTagLength);
  }
  state.ahead = nullptr;
  // Only now, see TokenHasher::Group.
  for (size_t token = 0; token < count; ++token) {
    write_base64(state.messages[token].data(), kMessageLength, places[token]);
  }
  return Status::OK();
}

}  // namespace linkwright
