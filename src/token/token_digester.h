#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "token/match_token.h"

namespace linkwright {

/// The first half of the SHA-256 of a token: equal tokens, equal digests, and no other way in practice. All zero stands
/// for no token.
using TokenDigest = std::array<uint64_t, 2>;
constexpr TokenDigest kNoToken = {0, 0};

/// What was read of a tokenised dataset, and what it takes to see that it is not what was meant.
class TokenTally {
 public:
  /// For these rules, which are asked for.
  explicit TokenTally(size_t rules) : rows_of_rule(rules) {}

  int64_t rows = 0;
  std::vector<int64_t> rows_of_rule;     // by rule
  std::vector<std::string> other_rules;  // that are not asked for, each once
  int64_t tokens = 0;                    // of the rules, blank ones apart
  int64_t undecrypted = 0;               // of these

  void add_other_rule(std::string_view rule);
  void add(const TokenTally& other);

  /// Errors: a rule that no row has, a key that opens no token. `where` names the dataset. One without rows is fine.
  Status check(const std::string& where, const std::vector<std::string>& rules) const;

  /// What a user is to be told of tokens that the key does not open; "" when there are none.
  std::string warning(const std::string& where) const;

 private:
  std::string known_rules(const std::vector<std::string>& rules) const;
};

/// Makes digests of the rows of a tokenised dataset: equal for equal tokens, encrypted or not. One a thread; counts
/// into a tally that may be another one for each call.
class TokenDigester {
 public:
  struct Options {
    const std::vector<std::string>& rules;  // outlives the digester
    /// As the reference counts: blank tokens are tokens like others.
    bool blank_tokens_match = false;
    /// Where a key is given, for the error that asks for it: "set LINKWRIGHT_ENCRYPTION_KEY".
    std::string key_remedy = "set LINKWRIGHT_ENCRYPTION_KEY or give --encryption-key-file";
  };

  /// An `opener` that is null stands for no key: encrypted tokens are an error then, because two encryptions of one
  /// token differ.
  TokenDigester(Options options, std::unique_ptr<TokenOpener> opener)
      : options_(std::move(options)), opener_(std::move(opener)) {}

  struct Token {
    size_t rule;
    TokenDigest digest;
  };

  /// The token of a row; none for a blank one, and for a rule that is not asked for.
  Result<std::optional<Token>> digest(std::string_view rule_id, std::string_view token, TokenTally* tally);

 private:
  Options options_;
  std::unique_ptr<TokenOpener> opener_;
  std::string opened_;
};

}  // namespace linkwright
