#include <openssl/evp.h>

#include <memory>

#include "token/token_crypto.h"

namespace linkwright {
namespace {

constexpr size_t kBlock = 16;
constexpr size_t kIvLength = 12;
constexpr size_t kTagLength = 16;

struct CipherContextDeleter {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, CipherContextDeleter>;

const uint8_t* bytes_of(std::string_view text) { return reinterpret_cast<const uint8_t*>(text.data()); }

}  // namespace

struct TokenDecryptor::State {
  CipherContext gcm;
  std::string message;
};

TokenDecryptor::TokenDecryptor() : state_(std::make_unique<State>()) {}
TokenDecryptor::~TokenDecryptor() = default;

Result<std::unique_ptr<TokenDecryptor>> TokenDecryptor::make(std::string_view key) {
  ARROW_RETURN_NOT_OK(check_encryption_key(key));
  std::unique_ptr<TokenDecryptor> decryptor(new TokenDecryptor());
  CipherContext& gcm = decryptor->state_->gcm;
  gcm.reset(EVP_CIPHER_CTX_new());
  if (gcm == nullptr || EVP_DecryptInit_ex(gcm.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key), nullptr) != 1) {
    return Status::UnknownError("OpenSSL could not set up AES-256-GCM");
  }
  return decryptor;
}

bool TokenDecryptor::open(std::string_view iv, std::string_view additional, std::string_view ciphertext,
                          std::string_view tag, std::string* out) {
  EVP_CIPHER_CTX* const gcm = state_->gcm.get();
  if (iv.size() != kIvLength || tag.size() != kTagLength) return false;
  int length = 0;
  if (EVP_DecryptInit_ex(gcm, nullptr, nullptr, nullptr, bytes_of(iv)) != 1) return false;
  if (!additional.empty() &&
      EVP_DecryptUpdate(gcm, nullptr, &length, bytes_of(additional), static_cast<int>(additional.size())) != 1) {
    return false;
  }
  const size_t start = out->size();
  out->resize(start + ciphertext.size() + kBlock);
  auto* text = reinterpret_cast<unsigned char*>(out->data() + start);
  int last = 0;
  const bool opened =
      EVP_DecryptUpdate(gcm, text, &length, bytes_of(ciphertext), static_cast<int>(ciphertext.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(gcm, EVP_CTRL_GCM_SET_TAG, static_cast<int>(kTagLength), const_cast<char*>(tag.data())) ==
          1 &&
      EVP_DecryptFinal_ex(gcm, text + length, &last) == 1;
  out->resize(start + (opened ? static_cast<size_t>(length + last) : 0));
  return opened;
}

bool TokenDecryptor::decrypt(std::string_view token, std::string* out) {
  constexpr size_t kLongest = size_t{1} << 20;
  if (token.empty() || token.size() % 4 != 0 || token.size() > kLongest) return false;
  std::string& message = state_->message;
  message.resize(token.size() / 4 * 3);
  const int decoded = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(message.data()), bytes_of(token),
                                      static_cast<int>(token.size()));
  if (decoded < 0) return false;
  size_t size = static_cast<size_t>(decoded);
  for (size_t i = token.size(); i > token.size() - 2 && token[i - 1] == '='; --i) --size;
  if (size < kIvLength + kTagLength) return false;
  const std::string_view all = std::string_view(message).substr(0, size);
  return open(all.substr(0, kIvLength), {}, all.substr(kIvLength, size - kIvLength - kTagLength),
              all.substr(size - kTagLength), out);
}

}  // namespace linkwright
