#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancellation.h"
#include "base/status.h"
#include "token/tokenised_records.h"

namespace linkwright {

struct OverlapOptions {
  std::vector<std::vector<std::string>> rule_sets;  // all the rules of a set must agree
  std::string name1 = "Dataset1";
  std::string name2 = "Dataset2";
  /// As the reference counts, whose blank tokens equal each other: every pair without a token then matches.
  bool blank_tokens_match = false;

  /// The rules of all sets, each once.
  std::vector<std::string> rules() const;
};

struct OverlapResult {
  std::vector<std::string> matching_rules;
  size_t total_records_dataset1 = 0;
  size_t total_records_dataset2 = 0;
  size_t matching_records_dataset1 = 0;
  size_t matching_records_dataset2 = 0;

  /// 100 times the smaller number of matching records by the smaller number of records; 0 for an empty dataset.
  double overlap_percentage() const;
};

/// The pairs of records that match under a rule set, in the order of their first rows: by the first dataset's record,
/// then the second's. Sorted in bounded memory, because a weak rule may have more pairs than fit.
class OverlapMatches {
 public:
  OverlapResult result;

  struct Pair {
    std::string_view id1;
    std::string_view id2;
  };

  /// The next pair, good until the next call; false at the end.
  Result<bool> next(Pair* pair);

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
  struct RuleSet {
    std::vector<std::string> names;
    std::vector<size_t> rules;                  // of the records
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
