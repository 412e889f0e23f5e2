#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/status.h"
#include "linkwright/token.h"
#include "token/token_files.h"

namespace linkwright {

/// The first half of the SHA-256 of a token: equal tokens, equal digests, and no other way in practice. All zero stands
/// for no token.
using TokenDigest = std::array<uint64_t, 2>;
constexpr TokenDigest kNoToken = {0, 0};

/// One tokenised dataset in memory: for every record the digests of its tokens by rule. 16 bytes a record and rule, and
/// about twice the record ids. Reading is thread-safe once it is filled.
class TokenDataset {
 public:
  explicit TokenDataset(std::vector<std::string> rules)
      : rules_(std::move(rules)), rows_of_rule_(rules_.size()), columns_(rules_.size()) {}

  const std::vector<std::string>& rules() const { return rules_; }
  /// Distinct record ids, those without any token of the rules included.
  size_t records() const { return id_ends_.size(); }
  std::string_view record_id(size_t record) const;
  /// Rows of a rule, blank ones included.
  int64_t rows(size_t rule) const { return rows_of_rule_[rule]; }

  uint32_t add_record(std::string_view record_id);
  /// A record may have several tokens of a rule, when rows share a record id; any of them may match. kNoToken for a
  /// blank one.
  void add_token(uint32_t record, size_t rule, const TokenDigest& digest);

  /// Every token of a record under a rule; none for a blank one.
  std::vector<TokenDigest> tokens(uint32_t record, size_t rule) const;

  /// Whether a record of this dataset and one of another, with the same rules, have a token of a rule in common.
  bool shares_token(uint32_t record, const TokenDataset& other, uint32_t other_record, size_t rule) const;

  int64_t undecrypted = 0;  // tokens that the key does not open; they are compared as they are

 private:
  const TokenDigest& first_token(uint32_t record, size_t rule) const;
  void grow_table();

  std::vector<std::string> rules_;
  std::vector<int64_t> rows_of_rule_;
  std::string ids_;  // one after the other
  std::vector<uint64_t> id_ends_;
  std::vector<uint32_t> table_;  // open addressing by the hash of an id: its record and 1, 0 where empty
  std::vector<std::vector<TokenDigest>> columns_;                // by rule, then record
  std::unordered_map<uint64_t, std::vector<TokenDigest>> more_;  // of (record, rule), beyond the first
};

/// Reads a file of tokens for some rules. With a key, encrypted tokens are decrypted first; without one they are an
/// error, because two encryptions of one token differ. Other errors: a rule that no row has, a key that opens nothing.
/// With `blank_tokens_match` blank tokens are tokens like others.
Result<TokenDataset> read_token_dataset(const std::string& path, const std::vector<std::string>& rules,
                                        bool blank_tokens_match, const Secret& encryption_key, const TokenRun& run);

}  // namespace linkwright
