#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace linkwright {

struct OverlapOptions {
  std::vector<std::vector<std::string>> rule_sets;  // all the rules of a set must agree
  std::string name1 = "Dataset1";
  std::string name2 = "Dataset2";
  /// As the reference counts, whose blank tokens equal each other: every pair without a token then matches.
  bool blank_tokens_match = false;

  /// The rules of all sets, each once.
  std::vector<std::string> rules() const;

  struct RuleSet {
    std::vector<std::string> names;  // each once
    std::vector<size_t> rules;       // the same, by their places in `rules()`
  };
  /// What the sets ask for.
  std::vector<RuleSet> distinct_rule_sets() const;
};

/// How many choices of one token of each rule a record may have under a set of rules: nearly always there is one.
constexpr size_t kMostChoices = size_t{1} << 20;

/// The error for a record with more of them.
Status too_many_choices(std::string_view record_id);

struct OverlapResult {
  std::vector<std::string> matching_rules;
  size_t total_records_dataset1 = 0;
  size_t total_records_dataset2 = 0;
  size_t matching_records_dataset1 = 0;
  size_t matching_records_dataset2 = 0;

  /// 100 times the smaller number of matching records by the smaller number of records; 0 for an empty dataset.
  double overlap_percentage() const;
};

/// The ids of two records that match.
struct OverlapPair {
  std::string_view id1;
  std::string_view id2;
};

}  // namespace linkwright
