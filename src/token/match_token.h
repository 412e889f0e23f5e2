#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "token/token_crypto.h"

namespace linkwright {

inline constexpr std::string_view kMatchTokenPrefix = "olt.V1.";

/// Wraps encrypted hash tokens as match tokens of format 2: "olt.V1." and a JWE in compact form (RFC 7516), alg "dir",
/// enc "A256GCM", under the same key. The payload names the rule, the algorithms, the ring and the time. One a thread.
class MatchTokenWriter {
 public:
  static Result<std::unique_ptr<MatchTokenWriter>> make(std::string_view key, std::string_view ring_id,
                                                        const std::vector<std::string>& rule_ids,
                                                        int64_t issued_at_seconds);
  ~MatchTokenWriter();

  Status append(size_t rule, std::string_view encrypted_hash, std::string* out);

 private:
  MatchTokenWriter();
  struct State;
  std::unique_ptr<State> state_;
};

/// Opens tokens of both formats down to the hash. One a thread.
class TokenOpener {
 public:
  static Result<std::unique_ptr<TokenOpener>> make(std::string_view key);

  /// Appends the hash token; a blank token as it is. False, and nothing appended, for a token that the key does not
  /// open.
  bool open(std::string_view token, std::string* out);

 private:
  bool open_match_token(std::string_view jwe, std::string* out);
  std::unique_ptr<TokenDecryptor> decryptor_;
  std::string buffer_;
};

}  // namespace linkwright
