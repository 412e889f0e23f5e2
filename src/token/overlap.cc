#include "token/overlap.h"

#include <algorithm>
#include <bit>

namespace linkwright {
namespace {

constexpr uint32_t kRecordsBetweenChecks = 4096;

uint64_t mix(uint64_t key, const TokenDigest& digest) {
  key = (key ^ digest[0]) * 0x9e3779b97f4a7c15ULL;  // digests are uniform already: this only makes the order count
  return key ^ (key >> 29) ^ digest[1];
}

/// The keys under which a record may match: one for each choice of its tokens, nearly always one.
void append_keys(const TokenDataset& dataset, uint32_t record, const std::vector<size_t>& rules,
                 std::vector<uint64_t>* keys) {
  keys->assign(1, 0);
  for (size_t rule : rules) {
    std::vector<uint64_t> longer;
    for (const TokenDigest& digest : dataset.tokens(record, rule)) {
      for (uint64_t key : *keys) longer.push_back(mix(key, digest));
    }
    *keys = std::move(longer);
  }
}

}  // namespace

std::vector<std::string> OverlapOptions::rules() const {
  std::vector<std::string> rules;
  for (const auto& set : rule_sets) {
    for (const std::string& rule : set) {
      if (std::find(rules.begin(), rules.end(), rule) == rules.end()) rules.push_back(rule);
    }
  }
  return rules;
}

OverlapJoin::OverlapJoin(const TokenDataset& dataset1, const TokenDataset& dataset2,
                         const std::vector<std::string>& rule_set)
    : dataset1_(dataset1), dataset2_(dataset2) {
  for (const std::string& rule : rule_set) {
    if (std::find(rule_names_.begin(), rule_names_.end(), rule) != rule_names_.end()) continue;
    const auto& known = dataset1.rules();
    rule_names_.push_back(rule);
    rules_.push_back(static_cast<size_t>(std::find(known.begin(), known.end(), rule) - known.begin()));
  }
  keys2_.reserve(dataset2.records());
  std::vector<uint64_t> keys;
  for (uint32_t record = 0; record < dataset2.records(); ++record) {
    append_keys(dataset2, record, rules_, &keys);
    for (uint64_t key : keys) keys2_.emplace_back(key, record);
  }
  std::sort(keys2_.begin(), keys2_.end());
  bucket_bits_ = static_cast<unsigned>(std::bit_width(keys2_.size()));
  buckets_.resize((size_t{1} << bucket_bits_) + 1);
  for (const auto& [key, record] : keys2_) ++buckets_[bucket_of(key) + 1];
  for (size_t i = 1; i < buckets_.size(); ++i) buckets_[i] += buckets_[i - 1];
}

void OverlapJoin::append_partners(uint64_t key, uint32_t record1, std::vector<uint32_t>* out) const {
  const size_t bucket = bucket_of(key);
  for (size_t i = buckets_[bucket]; i < buckets_[bucket + 1]; ++i) {
    if (keys2_[i].first != key) continue;
    const uint32_t record2 = keys2_[i].second;
    const bool agree = std::all_of(rules_.begin(), rules_.end(), [&](size_t rule) {
      return dataset1_.shares_token(record1, dataset2_, record2, rule);
    });
    if (agree) out->push_back(record2);
  }
}

Status OverlapJoin::for_each_match(const std::function<Status(uint32_t, uint32_t)>& take,
                                   const Cancellation* cancellation) const {
  std::vector<uint64_t> keys;
  std::vector<uint32_t> partners;
  for (uint32_t record1 = 0; record1 < dataset1_.records(); ++record1) {
    if (cancellation != nullptr && record1 % kRecordsBetweenChecks == 0) ARROW_RETURN_NOT_OK(cancellation->check());
    append_keys(dataset1_, record1, rules_, &keys);
    partners.clear();
    for (uint64_t key : keys) append_partners(key, record1, &partners);
    if (keys.size() > 1) {  // several choices may lead to one partner
      std::sort(partners.begin(), partners.end());
      partners.erase(std::unique(partners.begin(), partners.end()), partners.end());
    }
    for (uint32_t record2 : partners) ARROW_RETURN_NOT_OK(take(record1, record2));
  }
  return Status::OK();
}

double OverlapResult::overlap_percentage() const {
  const size_t smaller = std::min(total_records_dataset1, total_records_dataset2);
  if (smaller == 0) return 0;
  return 100.0 * static_cast<double>(std::min(matching_records_dataset1, matching_records_dataset2)) /
         static_cast<double>(smaller);
}

Result<OverlapResult> analyze_overlap(const OverlapJoin& join, const TokenDataset& dataset1,
                                      const TokenDataset& dataset2, const Cancellation* cancellation) {
  std::vector<bool> matched1(dataset1.records());
  std::vector<bool> matched2(dataset2.records());
  ARROW_RETURN_NOT_OK(join.for_each_match(
      [&](uint32_t record1, uint32_t record2) {
        matched1[record1] = true;
        matched2[record2] = true;
        return Status::OK();
      },
      cancellation));
  OverlapResult result;
  result.matching_rules = join.rule_names();
  result.total_records_dataset1 = dataset1.records();
  result.total_records_dataset2 = dataset2.records();
  result.matching_records_dataset1 = static_cast<size_t>(std::count(matched1.begin(), matched1.end(), true));
  result.matching_records_dataset2 = static_cast<size_t>(std::count(matched2.begin(), matched2.end(), true));
  return result;
}

}  // namespace linkwright
