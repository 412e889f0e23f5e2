#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "io/external_sorter.h"
#include "linkwright/token.h"
#include "token/token_digester.h"
#include "token/token_files.h"

namespace linkwright {

/// The memory that sorting may take, and where temporary files lie when it is not enough.
struct SortSpace {
  size_t memory_bytes = size_t{512} << 20;
  std::string folder;
};

/// One record of a tokenised dataset: what all the rows with its id say.
struct TokenisedRecord {
  uint64_t number = 0;  // of its first row in the file: ascending in the order in which the ids first appear
  std::string_view id;
  std::vector<std::vector<TokenDigest>> tokens;  // by rule; each once, none for a blank token
};

/// The rows of a file of tokens, gathered by record id in bounded memory: rows of one record may stand anywhere.
class TokenisedRecords {
 public:
  /// With a key, encrypted tokens are decrypted first; without one they are an error, because two encryptions of one
  /// token differ. Other errors: a rule that no row has, a key that opens nothing. With `blank_tokens_match` blank
  /// tokens are tokens like others.
  static Result<TokenisedRecords> read(const std::string& path, const std::vector<std::string>& rules,
                                       bool blank_tokens_match, const Secret& encryption_key, const SortSpace& space,
                                       const TokenRun& run);

  /// What was read; tokens that the key does not open are compared as they are.
  const TokenTally& tally() const { return tally_; }

  /// Calls `take` with every record, those without any token of the rules included, in no order that matters. Once.
  Status for_each(const std::function<Status(const TokenisedRecord&)>& take, const Cancellation* cancellation);

 private:
  TokenisedRecords(ExternalSorter rows, TokenTally tally) : rows_(std::move(rows)), tally_(std::move(tally)) {}

  ExternalSorter rows_;
  TokenTally tally_;
};

}  // namespace linkwright
