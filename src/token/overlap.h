#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/cancellation.h"
#include "base/status.h"
#include "token/token_dataset.h"

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

/// The pairs of records that have a token of every rule of a set in common; a blank token is none. The join looks
/// records of the first dataset up among those of the second, so pairs are never held: a weak rule may have more than
/// memory. The datasets must have the same rules and stay.
class OverlapJoin {
 public:
  /// The rules must be of the datasets; one named twice counts once.
  OverlapJoin(const TokenDataset& dataset1, const TokenDataset& dataset2, const std::vector<std::string>& rule_set);

  const std::vector<std::string>& rule_names() const { return rule_names_; }

  /// Calls `take` with every pair of record numbers, ascending. Its first error ends the join.
  Status for_each_match(const std::function<Status(uint32_t record1, uint32_t record2)>& take,
                        const Cancellation* cancellation) const;

 private:
  using KeyedRecord = std::pair<uint64_t, uint32_t>;

  void append_partners(uint64_t key, uint32_t record1, std::vector<uint32_t>* out) const;
  size_t bucket_of(uint64_t key) const { return bucket_bits_ == 0 ? 0 : key >> (64 - bucket_bits_); }

  const TokenDataset& dataset1_;
  const TokenDataset& dataset2_;
  std::vector<size_t> rules_;
  std::vector<std::string> rule_names_;
  std::vector<KeyedRecord> keys2_;  // sorted
  std::vector<uint32_t> buckets_;   // where in keys2_ those begin whose first bits are a number
  unsigned bucket_bits_ = 0;
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

/// Counts the records that match under one rule set.
Result<OverlapResult> analyze_overlap(const OverlapJoin& join, const TokenDataset& dataset1,
                                      const TokenDataset& dataset2, const Cancellation* cancellation);

}  // namespace linkwright
