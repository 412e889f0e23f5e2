#include "token/match_token.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "linkwright/token.h"

namespace linkwright {
namespace {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

constexpr size_t kIvLength = 12;
constexpr size_t kTagLength = 16;
constexpr std::string_view kIssuer = "org.openlinktoken";

/// base64url without padding (RFC 7515).
void append_base64url(std::string_view bytes, std::string* out) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  uint32_t bits = 0;
  int held = 0;
  for (char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (held += 8; held >= 6;) {
      held -= 6;
      out->push_back(kAlphabet[bits >> held & 63]);
    }
  }
  if (held > 0) out->push_back(kAlphabet[bits << (6 - held) & 63]);
}

std::optional<std::string> decode_base64url(std::string_view text) {
  std::string out;
  uint32_t bits = 0;
  int held = 0;
  for (char c : text) {
    const int value = c >= 'A' && c <= 'Z'   ? c - 'A'
                      : c >= 'a' && c <= 'z' ? c - 'a' + 26
                      : c >= '0' && c <= '9' ? c - '0' + 52
                      : c == '-'             ? 62
                      : c == '_'             ? 63
                                             : -1;
    if (value < 0) return std::nullopt;
    bits = bits << 6 | static_cast<uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out.push_back(static_cast<char>(bits >> held & 0xff));
  }
  return out;
}

struct CipherContextDeleter {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

struct MatchTokenWriter::State {
  std::unique_ptr<EVP_CIPHER_CTX, CipherContextDeleter> gcm;
  std::string header;  // base64url of the protected header, which is also the additional data
  struct Payload {
    std::string before;  // the JSON up to the encrypted hash
    std::string after;
  };
  std::vector<Payload> payloads;  // by rule
  std::string payload;
  std::string sealed;

  bool seal(std::string_view iv, std::string_view text, std::string* tag) {
    int length = 0;
    sealed.resize(text.size());
    tag->resize(kTagLength);
    return EVP_EncryptInit_ex(gcm.get(), nullptr, nullptr, nullptr, bytes_of(iv)) == 1 &&
           EVP_EncryptUpdate(gcm.get(), nullptr, &length, bytes_of(header), static_cast<int>(header.size())) == 1 &&
           EVP_EncryptUpdate(gcm.get(), bytes_of(sealed), &length, bytes_of(text), static_cast<int>(text.size())) ==
               1 &&
           EVP_EncryptFinal_ex(gcm.get(), bytes_of(sealed) + length, &length) == 1 &&
           EVP_CIPHER_CTX_ctrl(gcm.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(kTagLength), tag->data()) == 1;
  }
};

MatchTokenWriter::MatchTokenWriter() : state_(std::make_unique<State>()) {}
MatchTokenWriter::~MatchTokenWriter() = default;

Result<std::unique_ptr<MatchTokenWriter>> MatchTokenWriter::make(std::string_view key, std::string_view ring_id,
                                                                 const std::vector<std::string>& rule_ids,
                                                                 int64_t issued_at_seconds) {
  std::unique_ptr<MatchTokenWriter> writer(new MatchTokenWriter());
  State& state = *writer->state_;
  state.gcm.reset(EVP_CIPHER_CTX_new());
  if (state.gcm == nullptr || key.size() != kEncryptionKeyLength ||
      EVP_EncryptInit_ex(state.gcm.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key), nullptr) != 1) {
    return Status::Invalid("match tokens need an encryption key of ", kEncryptionKeyLength, " bytes");
  }
  const OrderedJson header = {{"kid", ring_id}, {"typ", "match-token"}, {"enc", "A256GCM"}, {"alg", "dir"}};
  append_base64url(header.dump(), &state.header);
  for (const std::string& rule_id : rule_ids) {
    const OrderedJson algorithms = {{"rlid", rule_id}, {"hash_alg", "SHA-256"}, {"mac_alg", "HS256"}};
    const OrderedJson origin = {{"rid", ring_id}, {"iss", kIssuer}, {"iat", issued_at_seconds}};
    std::string before = algorithms.dump();
    before.back() = ',';
    state.payloads.push_back({before + "\"ppid\":[\"", "\"]," + origin.dump().substr(1)});
  }
  return writer;
}

Status MatchTokenWriter::append(size_t rule, std::string_view encrypted_hash, std::string* out) {
  State& state = *state_;
  std::array<char, kIvLength> iv;
  ARROW_RETURN_NOT_OK(fill_random(iv.data(), iv.size()));
  const std::string_view iv_bytes(iv.data(), iv.size());
  state.payload.assign(state.payloads[rule].before).append(encrypted_hash).append(state.payloads[rule].after);
  std::string tag;
  if (!state.seal(iv_bytes, state.payload, &tag)) return Status::UnknownError("OpenSSL could not seal a match token");
  out->append(kMatchTokenPrefix).append(state.header).append("..");
  append_base64url(iv_bytes, out);
  out->push_back('.');
  append_base64url(state.sealed, out);
  out->push_back('.');
  append_base64url(tag, out);
  return Status::OK();
}

Result<std::unique_ptr<TokenOpener>> TokenOpener::make(std::string_view key) {
  auto opener = std::make_unique<TokenOpener>();
  ARROW_ASSIGN_OR_RAISE(opener->decryptor_, TokenDecryptor::make(key));
  return opener;
}

bool TokenOpener::open(std::string_view token, std::string* out) {
  if (token == kBlankToken) {
    out->append(token);
    return true;
  }
  if (token.starts_with(kMatchTokenPrefix)) return open_match_token(token.substr(kMatchTokenPrefix.size()), out);
  return decryptor_->decrypt(token, out);
}

bool TokenOpener::open_match_token(std::string_view jwe, std::string* out) {
  std::array<std::string_view, 5> parts;  // header, encrypted key (empty), IV, ciphertext, tag
  for (size_t i = 0; i < parts.size(); ++i) {
    const size_t dot = jwe.find('.');
    if ((dot == std::string_view::npos) != (i + 1 == parts.size())) return false;
    parts[i] = jwe.substr(0, dot);
    jwe.remove_prefix(dot == std::string_view::npos ? jwe.size() : dot + 1);
  }
  const auto header_text = decode_base64url(parts[0]);
  const auto iv = decode_base64url(parts[2]);
  const auto ciphertext = decode_base64url(parts[3]);
  const auto tag = decode_base64url(parts[4]);
  if (!header_text || !iv || !ciphertext || !tag || !parts[1].empty()) return false;
  const Json header = Json::parse(*header_text, nullptr, false);
  if (!header.is_object() || header.value("alg", Json()) != "dir" || header.value("enc", Json()) != "A256GCM")
    return false;
  buffer_.clear();
  if (!decryptor_->open(*iv, parts[0], *ciphertext, *tag, &buffer_)) return false;
  const Json payload = Json::parse(buffer_, nullptr, false);
  if (!payload.is_object() || !payload.contains("ppid")) return false;
  const Json& ppid = payload["ppid"];
  if (!ppid.is_array() || ppid.empty() || !ppid[0].is_string()) return false;
  const auto inner = ppid[0].get<std::string>();
  // As the references do: a text inside that the key does not open is the token itself.
  if (inner == kBlankToken || !decryptor_->decrypt(inner, out)) out->append(inner);
  return true;
}

}  // namespace linkwright
