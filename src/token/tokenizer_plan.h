#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "linkwright/token.h"
#include "token/match_token.h"
#include "token/profile.h"
#include "token/signature.h"
#include "token/text_table.h"
#include "token/token_crypto.h"
#include "token/token_table.h"

namespace linkwright {

/// Everything a run of the tokenizer is decided by; read by many threads.
struct Tokenizer::Plan {
  const ProfileTraits& traits;
  TokenMode mode;
  TokenFormat format;
  SignaturePlan signatures;
  DateContext dates;
  std::string ring_id;
  int64_t issued_at_seconds;
  std::unique_ptr<const TokenHasher> hasher;  // none unless the mode hashes with a secret
  Secret encryption_key;
  std::string hashing_secret_sha256;  // "" where the mode needs no secret
  std::string encryption_key_sha256;
};

/// Which column of a table holds which attribute.
struct PeopleLayout {
  std::array<int, kAttributeCount> slot_of;  // -1: no such column
  std::vector<int> slots;                    // of the headers, for TextTableReader::select
  size_t slot_count = 0;
  std::vector<std::string> warnings;  // things a person will want to know: nothing recognised, a column missing, ...
};

/// Finds the columns by their headers. Two columns for one attribute are an error that names both.
Result<PeopleLayout> lay_out_people(const Tokenizer::Plan& plan, const std::vector<std::string>& headers);

/// Counts without names, for the inner loop.
struct BatchCounts {
  int64_t rows = 0;
  int64_t rows_with_invalid_attributes = 0;
  std::array<int64_t, kAttributeCount> invalid_attributes{};
  std::vector<int64_t> blank_tokens;  // by rule

  void merge(const BatchCounts& other);
  /// With a zero for every attribute and rule that could have been counted.
  TokenCounts named(const SignaturePlan& plan) const;
};

/// One thread's tools for making tokens: buffers, cipher contexts.
class TokenWorker {
 public:
  static Result<std::unique_ptr<TokenWorker>> make(const Tokenizer::Plan& plan);

  /// Appends the tokens of the rows to `out` and adds to `counts`.
  Status make_tokens(const PeopleLayout& layout, const TextColumns& people, TokenTable* out, BatchCounts* counts);

 private:
  explicit TokenWorker(const Tokenizer::Plan& plan);
  Status add_record_ids(const PeopleLayout& layout, const TextColumns& people, TokenTable* out);
  void sign(const PeopleLayout& layout, const TextColumns& people, size_t begin, size_t end, BatchCounts* counts);
  Status write_tokens(TokenTable* out);
  void write_plain(TokenTable* out);
  void make_room(size_t token_length, TokenTable* out);
  void hash_aside();
  Status write_encrypted(TokenTable* out);
  Status write_match_tokens(TokenTable* out);

  const Tokenizer::Plan& plan_;
  SignatureBuilder builder_;
  std::unique_ptr<TokenEncryptor> encryptor_;
  std::unique_ptr<MatchTokenWriter> match_tokens_;
  RawRecord record_;
  RecordSignatures signatures_;
  // Of the records in hand: the length of every signature, 0 for a blank token, and the signatures one after the other.
  std::vector<uint32_t> lengths_;
  std::string texts_;
  std::vector<std::string_view> signed_;  // those that are there
  std::vector<char*> places_;             // where their tokens go
  std::string hashed_;
  std::vector<char*> hash_places_;
};

}  // namespace linkwright
