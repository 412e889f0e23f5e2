#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/cancellation.h"
#include "base/progress.h"
#include "base/status.h"
#include "base/thread_pool.h"
#include "linkwright/token.h"

namespace linkwright {

/// What a run over a file needs from its surroundings.
struct TokenRun {
  ThreadPool& pool;
  Progress* progress = nullptr;                // may be null
  const Cancellation* cancellation = nullptr;  // may be null
};

struct TokenizeReport {
  TokenCounts counts;
  int64_t malformed_rows = 0;
  std::string metadata_path;
  std::vector<std::string> warnings;
};

/// Files of people: paths and globs, in the order given after globs are expanded. CSV, JSON array, NDJSON or Parquet,
/// the text formats also with .gz or .zst. Each file's columns are found by its own header.
struct PeopleFiles {
  std::vector<std::string> paths;
  char delimiter = 0;  // of CSV; 0: a tab in .tsv files, else the comma
};

/// Makes the tokens of every person in some files, in blocks: memory does not grow with the files. Writes `output`
/// (.parquet or .csv) in the order of the input, and the metadata beside it. A bad row is counted, and never stops a
/// file; an output appears only when all of it is there.
Result<TokenizeReport> tokenize_files(const PeopleFiles& input, const std::string& output, const Tokenizer& tokenizer,
                                      const TokenRun& run);

/// What the secrets of a run did, as its metadata tells it.
struct TokenSecrets {
  TokenMode mode;
  TokenFormat format;
  std::string ring_id;
  std::string hashing_secret_sha256;  // "" where the mode needs no secret
  std::string encryption_key_sha256;
};

/// The metadata of a run: the references' keys in their order; linkwright's own say what else decided the tokens.
std::string token_metadata_json(const Tokenizer::Plan& plan, const TokenSecrets& secrets, const TokenizeReport& report);

/// "dir/people.tokens.parquet" to "dir/people.tokens.metadata.json".
std::string metadata_path_of(const std::string& output);

struct DetokenizeReport {
  int64_t rows = 0;
  int64_t decrypted = 0;
  int64_t blank = 0;
  int64_t unreadable = 0;  // kept as they are
};

/// Decrypts the tokens of a file (columns RuleId, Token, RecordId) to hash tokens, in either format. What the key does
/// not open is kept and counted; when it opens nothing, that is an error and nothing is written.
Result<DetokenizeReport> detokenize_file(const std::string& input, const std::string& output, TokenProfile profile,
                                         const Secret& encryption_key, const TokenRun& run);

}  // namespace linkwright
