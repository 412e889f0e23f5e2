#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "linkwright/spark.h"
#include "spark/tokens/text_source.h"
#include "token/token_files.h"
#include "token_kernel/tokenize_task.h"

namespace linkwright::spark {

/// Where tokens, or matches of tokens, go: a folder that Spark writes, or a table.
struct TokensOnSpark {
  std::string path;
  std::string table;
  std::string format;  // parquet, delta or csv; "": that of the table's catalog
};

/// Writes rows there, in no order. What exists already is an error.
Status write_on_spark(const DataFrame& rows, const TokensOnSpark& output, const QueryOptions& options = {});

/// Makes the tokens of people on a cluster: columns RuleId, Token, RecordId, equal to the embedded tokenizer's, in no
/// order. `kernel` is liblinkwright_token_kernel.so here; the metadata is written here as well.
///
/// Secrets do not travel: each executor reads its own from its environment or from a file, as `task` says, and before
/// anything is made one is asked for the SHA-256 of its secrets, which all others must then show. Errors: an executor
/// without the secrets, the names of columns (as the embedded tokenizer's), an output that exists, those of the server.
Result<TokenizeReport> tokenize_on_spark(const Session& session, const TextSource& people, const TokensOnSpark& output,
                                         TokenizeTask task, const std::string& kernel, const std::string& metadata_path,
                                         const QueryOptions& options = {});

}  // namespace linkwright::spark
