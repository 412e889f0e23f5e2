#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "base/cancellation.h"
#include "base/status.h"
#include "linkwright/spark.h"
#include "spark/tokens/spark_tokens.h"
#include "spark/tokens/text_source.h"
#include "token/overlap_options.h"
#include "token_kernel/executor_secret.h"

namespace linkwright::spark {

/// A tokenised dataset on a cluster: columns RuleId, Token, RecordId.
struct TokenDataset {
  std::string name;  // for messages
  TextSource source;
  /// It is one file, whose rows have an order: matches then come in that order. Else they come by record id.
  bool has_order = false;
};

/// Two datasets, and what is asked about them.
struct OverlapQuestion {
  std::array<TokenDataset, 2> datasets;
  OverlapOptions options;
  /// Where each executor finds the key of encrypted tokens; one without a key leaves all of them without.
  ExecutorSecret encryption_key;
};

/// Where the results of an overlap go.
struct OverlapPlaces {
  std::string json_path;     // on this machine
  std::string matches_path;  // the CSV of pairs, on this machine; "" when Spark writes them
  TokensOnSpark matches;     // where Spark writes them; nowhere without a path or table
};

/// What a run is told of on its way; both may be empty.
struct OverlapListener {
  std::function<void(const std::string&)> warn;
  const Cancellation* cancellation = nullptr;
};

/// Compares two tokenised datasets on a cluster, with the results of OverlapJoin, byte for byte for files that it could
/// read: pairs stand in the order of the datasets' rows where these have one, and of their ids where not. Memory here
/// holds a batch of pairs. `kernel` is liblinkwright_token_kernel.so here.
///
/// Tokens are opened and digested by the executors, with a key that each finds by itself: none travels. Errors: those
/// of the embedded overlap (a rule that no row has, encrypted tokens without a key, a key that opens nothing, a record
/// with a million choices of tokens), executors that do not have the same key, those of the server.
Result<std::vector<OverlapResult>> overlap_on_spark(const Session& session, const OverlapQuestion& question,
                                                    const OverlapPlaces& places, const std::string& kernel,
                                                    const OverlapListener& listener);

}  // namespace linkwright::spark
