#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/status.h"
#include "linkwright/token.h"
#include "token/token_files.h"

namespace linkwright {

/// The first half of the SHA-256 of a token: equal tokens, equal digests, and no other way in practice. All zero stands
/// for no token.
using TokenDigest = std::array<uint64_t, 2>;

/// One tokenised dataset in memory: for every record the digests of its tokens by rule.
class TokenDataset {
 public:
  explicit TokenDataset(std::vector<std::string> rules) : rules_(std::move(rules)), columns_(rules_.size()) {}

  const std::vector<std::string>& rules() const { return rules_; }
  /// Distinct record ids, those without any token of the rules included.
  size_t records() const { return record_ids_.size(); }
  const std::string& record_id(size_t record) const { return record_ids_[record]; }

  uint32_t add_record(std::string_view record_id);
  /// A record may have several tokens of a rule, when rows share a record id; any of them may match.
  void add_token(uint32_t record, size_t rule, const TokenDigest& digest);

  /// Every token of a record under a rule; none for a blank one.
  std::vector<TokenDigest> tokens(uint32_t record, size_t rule) const;

  int64_t undecrypted = 0;  // tokens that the key does not open; they are compared as they are

 private:
  std::vector<std::string> rules_;
  std::vector<std::string> record_ids_;
  std::unordered_map<std::string, uint32_t> record_of_id_;
  std::vector<std::vector<TokenDigest>> columns_;                // by rule, then record; all zero: none
  std::unordered_map<uint64_t, std::vector<TokenDigest>> more_;  // of (record, rule), beyond the first
};

struct OverlapOptions {
  std::vector<std::vector<std::string>> rule_sets;  // all the rules of a set must agree
  std::string name1 = "Dataset1";
  std::string name2 = "Dataset2";
  /// As the reference counts, whose blank tokens equal each other: every pair without a token then matches.
  bool blank_tokens_match = false;
};

struct OverlapResult {
  std::vector<std::string> matching_rules;
  size_t total_records_dataset1 = 0;
  size_t total_records_dataset2 = 0;
  size_t matching_records_dataset1 = 0;
  size_t matching_records_dataset2 = 0;
  std::vector<std::pair<uint32_t, uint32_t>> matches;  // record numbers, ascending

  /// 100 times the smaller number of matching records by the smaller number of records; 0 for an empty dataset.
  double overlap_percentage() const;
};

/// Reads a file of tokens for the rules that some set names. With a key, encrypted tokens are decrypted first; without
/// one they are an error, because two encryptions of one token differ.
Result<TokenDataset> read_token_dataset(const std::string& path, const OverlapOptions& options,
                                        const Secret& encryption_key, const TokenRun& run);

/// One result a rule set, each by a hash join on all its rules: linear in the records and the matches. A record needs
/// a token of every rule of the set; blank tokens are none, unless the options say otherwise.
std::vector<OverlapResult> analyze_overlap(const TokenDataset& dataset1, const TokenDataset& dataset2,
                                           const OverlapOptions& options);

/// The reference's keys; `matches` is a list of objects with the two record ids.
std::string overlap_json(const std::vector<OverlapResult>& results, const TokenDataset& dataset1,
                         const TokenDataset& dataset2, const OverlapOptions& options);
/// The reference's printed summary of one result.
std::string overlap_summary(const OverlapResult& result, const OverlapOptions& options);
/// RuleSet and the two record ids, as CSV.
std::string overlap_matches_csv(const std::vector<OverlapResult>& results, const TokenDataset& dataset1,
                                const TokenDataset& dataset2, const OverlapOptions& options);

}  // namespace linkwright
