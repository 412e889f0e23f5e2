#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancellation.h"
#include "base/status.h"
#include "token/overlap_options.h"
#include "token/tokenised_records.h"

namespace linkwright {

/// The pairs of records that match under a rule set, in the order of their first rows: by the first dataset's record,
/// then the second's. Sorted in bounded memory, because a weak rule may have more pairs than fit.
class OverlapMatches {
 public:
  OverlapResult result;

  /// The next pair, good until the next call; false at the end.
  Result<bool> next(OverlapPair* pair);

 private:
  friend class OverlapJoin;
  explicit OverlapMatches(ExternalSorter pairs) : pairs_(std::move(pairs)) {}

  ExternalSorter pairs_;
  std::string last_;  // the numbers of the pair given last: several choices of tokens may lead to one pair
};

/// Joins two tokenised datasets under many rule sets: records match under a set when they have a token of every rule of
/// it in common; a blank token is none. The records of each dataset are read once.
///
/// A sort-merge join: for every set the records of both datasets are sorted by a key of their tokens, and what the join
/// finds is sorted by the records' places. All of it takes the memory of `space`, whatever the size of the datasets,
/// and gives the same for any memory.
class OverlapJoin {
 public:
  /// The rules of the records are those of `options.rules()`. `space` is for all that this object does.
  OverlapJoin(const OverlapOptions& options, const SortSpace& space);

  /// Takes the records of a dataset (0 or 1), each dataset once. Errors: a record with a million choices of tokens.
  Status add(size_t dataset, TokenisedRecords* records, const Cancellation* cancellation);

  /// What matches under a set of the options, each set once, when both datasets were added.
  Result<OverlapMatches> join(size_t set, const Cancellation* cancellation);

 private:
  struct RuleSet : OverlapOptions::RuleSet {
    std::vector<ExternalSorter> keyed_records;  // by dataset
  };
  class MatchCollector;

  Status add_record(RuleSet* set, size_t dataset, const TokenisedRecord& record);

  SortSpace space_;
  std::vector<RuleSet> sets_;
  std::array<size_t, 2> records_{};
  std::vector<TokenDigest> keys_;
  std::vector<TokenDigest> longer_keys_;
  std::string text_;
};

}  // namespace linkwright
