#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "linkwright/spark.h"
#include "token/token_files.h"
#include "token_kernel/tokenize_task.h"

namespace linkwright::spark {

/// People on a cluster: files that its executors reach, or a table.
struct PeopleOnSpark {
  std::vector<std::string> paths;  // .csv, .tsv, .json, .ndjson (also .gz) or .parquet, as Spark's readers take them
  std::string table;               // a name of the catalog; counts where there are no paths
  char delimiter = 0;              // of CSV; 0: a tab in .tsv files, else the comma
};

/// Where tokens go: a folder that Spark writes, or a table.
struct TokensOnSpark {
  std::string path;
  std::string table;
  std::string format;  // parquet, delta or csv
};

/// Makes the tokens of people on a cluster: columns RuleId, Token, RecordId, equal to the embedded tokenizer's, in no
/// order. `kernel` is liblinkwright_token_kernel.so here; the metadata is written here as well.
///
/// Secrets do not travel: each executor reads its own from its environment or from a file, as `task` says, and before
/// anything is made one is asked for the SHA-256 of its secrets, which all others must then show. Errors: an executor
/// without the secrets, the names of columns (as the embedded tokenizer's), an output that exists, those of the server.
Result<TokenizeReport> tokenize_on_spark(const Session& session, const PeopleOnSpark& people,
                                         const TokensOnSpark& output, TokenizeTask task, const std::string& kernel,
                                         const std::string& metadata_path, const QueryOptions& options = {});

}  // namespace linkwright::spark
