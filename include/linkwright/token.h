#pragma once

// Private tokens: keyed hashes of a person's attributes that two organisations can compare without showing names.
//
// The tokens equal those of OpenToken (Open Link Token), so that one side may run linkwright and the other side the
// original. Everything here is stateless per batch: the same call serves a file, a service or a Spark executor.
// Source: docs/tokens.md, and the reference implementations named by TokenProfile.

#include <arrow/result.h>
#include <arrow/status.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace arrow {
class RecordBatch;
class Schema;
}  // namespace arrow

namespace linkwright {

/// Which reference implementation the tokens must equal, byte for byte. They differ on odd input (docs/tokens.md), so
/// both sides of an exchange must use the same.
enum class TokenProfile { kJava113, kPython113, kJava21, kPython22 };

/// "java-1.13", "py-1.13", "java-2.1", "py-2.2".
std::string_view token_profile_name(TokenProfile profile);
arrow::Result<TokenProfile> parse_token_profile(std::string_view name);

/// What a token is made of a rule's signature ("SMITH|J|MALE|1980-05-17").
enum class TokenMode {
  kPlain,    // the signature itself: for looking at, never for exchange
  kSha256,   // its SHA-256 in hexadecimal, without a secret ("hash-only" of the 2.x command line)
  kHash,     // base64 of HMAC-SHA256 of that, with the hashing secret ("hash-only" of 1.x)
  kEncrypt,  // the hash, encrypted with AES-256-GCM
};

arrow::Result<TokenMode> parse_token_mode(std::string_view name);
std::string_view token_mode_name(TokenMode mode);
constexpr bool needs_hashing_secret(TokenMode mode) { return mode == TokenMode::kHash || mode == TokenMode::kEncrypt; }
constexpr bool needs_encryption_key(TokenMode mode) { return mode == TokenMode::kEncrypt; }

/// How an encrypted token is written.
enum class TokenFormat {
  kEncryptedHash,  // 1.x: base64(IV, ciphertext, tag), 96 characters
  kMatchToken,     // 2.x: that, wrapped in a JWE: "olt.V1." and five parts
};

/// The token of a record that a rule has no signature for. It is never hashed or encrypted, and never matches.
inline constexpr std::string_view kBlankToken = "0000000000000000000000000000000000000000000000000000000000000000";

/// Bytes that are wiped when they go: a hashing secret or an encryption key. Move-only; nothing prints it.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view bytes);
  ~Secret();
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  bool empty() const { return bytes_.empty(); }
  std::string_view bytes() const { return {bytes_.data(), bytes_.size()}; }
  /// SHA-256 in hexadecimal, which the metadata shows so that two sides can see that they hold the same secret.
  std::string sha256_hex() const;

 private:
  void wipe() noexcept;
  std::vector<char> bytes_;
};

/// One attribute of a rule and what is done to its normal form: {"last_name", "T|U"}.
struct TokenPart {
  std::string attribute;
  std::string expression;
};

/// A token rule: the values of its parts, joined by "|", are the signature. A record without one of the attributes, or
/// with an invalid one, has no signature and gets the blank token.
struct TokenRule {
  std::string id;
  std::vector<TokenPart> parts;
};

/// TokenBuilder("T6").add("last_name", "T|U").add("postal_code", "T|S(0,3)").build()
///
/// `build` fails for a rule without an id or parts, and names an attribute or an expression step that does not exist.
class TokenBuilder {
 public:
  explicit TokenBuilder(std::string id) { rule_.id = std::move(id); }
  TokenBuilder& add(std::string attribute, std::string expression = "T") {
    rule_.parts.push_back({std::move(attribute), std::move(expression)});
    return *this;
  }
  arrow::Result<TokenRule> build(TokenProfile profile = TokenProfile::kJava113) const;

 private:
  TokenRule rule_;
};

/// T1 to T5 of the references.
std::vector<TokenRule> default_token_rules();

/// Rules from JSON: {"rules": [{"id": "T6", "parts": [{"attribute": "last_name", "expression": "T|U"}, ...]}, ...]}.
/// Errors name the JSON path. `source` is the file's name, for messages.
arrow::Result<std::vector<TokenRule>> parse_token_rules(std::string_view json, std::string_view source,
                                                        TokenProfile profile);

struct TokenizerOptions {
  TokenProfile profile = TokenProfile::kJava113;
  TokenMode mode = TokenMode::kEncrypt;
  std::optional<TokenFormat> format = std::nullopt;  // none: as the profile's reference writes it
  std::vector<TokenRule> rules = {};                 // empty: T1 to T5
  std::string today = {};         // "2026-11-20", the last valid birth date; empty: today in `time_zone`
  std::string time_zone = "UTC";  // Java profiles turn timestamps into days of it
  std::string ring_id = {};       // names the key in match tokens; empty: a random UUID
};

/// What happened to the rows of one or more batches; add them up with `merge`.
struct TokenCounts {
  int64_t rows = 0;
  int64_t rows_with_invalid_attributes = 0;           // distinct rows
  std::map<std::string, int64_t> invalid_attributes;  // by type; only what a rule reached is counted
  std::map<std::string, int64_t> blank_tokens;        // by rule

  void merge(const TokenCounts& other);
};

/// Makes tokens of people. Immutable: one may serve any number of threads.
class Tokenizer {
 public:
  /// Checks everything that can be wrong before a row is read: an empty secret, a key that is not 32 bytes, an unknown
  /// attribute, expression, date or zone. Secrets that the mode does not need may be empty.
  static arrow::Result<std::shared_ptr<const Tokenizer>> make(const TokenizerOptions& options, Secret hashing_secret,
                                                              Secret encryption_key);
  ~Tokenizer();

  /// RuleId, Token, RecordId: three text columns without nulls.
  static std::shared_ptr<arrow::Schema> output_schema();

  /// One row a record and rule, in the order of the records and, within one, of the rule ids. Columns are found by
  /// their names and aliases whatever their case; others are ignored. Two columns for one attribute, and a column that
  /// holds no text, number or date, are errors. No RecordId column, or an empty value: a random UUID. `counts` is added
  /// to and may be null. An empty batch gives an empty batch. Thread-safe.
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> tokenize(const arrow::RecordBatch& people,
                                                              TokenCounts* counts) const;

  struct Plan;
  const Plan& plan() const { return *plan_; }
  explicit Tokenizer(std::unique_ptr<const Plan> plan);

 private:
  std::unique_ptr<const Plan> plan_;
};

}  // namespace linkwright
