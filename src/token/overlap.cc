#include "token/overlap.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/ordered_pipeline.h"
#include "token/match_token.h"
#include "token/token_crypto.h"
#include "token/token_file_columns.h"

namespace linkwright {
namespace {

constexpr TokenDigest kNoToken = {0, 0};

/// One row of a file of tokens, ready to be added.
struct DigestedRow {
  uint32_t record;  // into the block's record ids
  int32_t rule;     // -1: of no rule that is asked for
  TokenDigest digest;
};

struct DigestedRows {
  std::vector<std::string> record_ids;
  std::vector<DigestedRow> rows;
  int64_t undecrypted = 0;
};

bool looks_encrypted(std::string_view token) {
  return token.starts_with(kMatchTokenPrefix) || token.size() == kEncryptedTokenLength;
}

std::vector<std::string> distinct_rules(const OverlapOptions& options) {
  std::vector<std::string> rules;
  for (const auto& set : options.rule_sets) {
    for (const std::string& rule : set) {
      if (std::find(rules.begin(), rules.end(), rule) == rules.end()) rules.push_back(rule);
    }
  }
  return rules;
}

/// Digests the rows of one block; one a thread.
class RowDigester {
 public:
  RowDigester(const std::vector<std::string>& rules, bool blank_tokens_match, std::unique_ptr<TokenOpener> opener)
      : rules_(rules), blank_tokens_match_(blank_tokens_match), opener_(std::move(opener)) {}

  TextColumns columns;

  Status digest(DigestedRows* out) {
    for (size_t row = 0; row < columns.rows; ++row) {
      const std::string_view id = columns.columns[kRecordIdColumn][row].text;
      if (out->record_ids.empty() || out->record_ids.back() != id) out->record_ids.emplace_back(id);
      DigestedRow digested{static_cast<uint32_t>(out->record_ids.size() - 1), -1, kNoToken};
      const auto rule = std::find(rules_.begin(), rules_.end(), columns.columns[kRuleIdColumn][row].text);
      if (rule != rules_.end()) {
        digested.rule = static_cast<int32_t>(rule - rules_.begin());
        ARROW_ASSIGN_OR_RAISE(digested.digest, digest_token(columns.columns[kTokenColumn][row].text, out));
      }
      out->rows.push_back(digested);
    }
    return Status::OK();
  }

 private:
  Result<TokenDigest> digest_token(std::string_view token, DigestedRows* out) {
    if (opener_ == nullptr && looks_encrypted(token)) {
      return Status::Invalid("the tokens are encrypted, and two encryptions of one token differ; set ",
                             "LINKWRIGHT_ENCRYPTION_KEY or give --encryption-key-file");
    }
    opened_.clear();
    if (opener_ != nullptr && looks_encrypted(token)) {
      if (opener_->open(token, &opened_)) {
        token = opened_;
      } else {
        ++out->undecrypted;
      }
    }
    const bool blank = token.empty() || token == kBlankToken;
    return blank && !blank_tokens_match_ ? kNoToken : token_digest(token);
  }

  const std::vector<std::string>& rules_;
  bool blank_tokens_match_;
  std::unique_ptr<TokenOpener> opener_;
  std::string opened_;
};

void add_rows(const DigestedRows& block, TokenDataset* dataset) {
  std::vector<uint32_t> records;
  records.reserve(block.record_ids.size());
  for (const std::string& id : block.record_ids) records.push_back(dataset->add_record(id));
  for (const DigestedRow& row : block.rows) {
    if (row.rule >= 0 && row.digest != kNoToken) {
      dataset->add_token(records[row.record], static_cast<size_t>(row.rule), row.digest);
    }
  }
  dataset->undecrypted += block.undecrypted;
}

uint64_t mix(uint64_t key, const TokenDigest& digest) {
  key = (key ^ digest[0]) * 0x9e3779b97f4a7c15ULL;  // digests are uniform already: this only makes the order count
  return key ^ (key >> 29) ^ digest[1];
}

/// The keys under which a record may match: one for each choice of its tokens, nearly always one.
void append_keys(const TokenDataset& dataset, uint32_t record, const std::vector<size_t>& rules,
                 std::vector<std::pair<uint64_t, uint32_t>>* out) {
  std::vector<uint64_t> keys = {0};
  for (size_t rule : rules) {
    std::vector<uint64_t> longer;
    for (const TokenDigest& digest : dataset.tokens(record, rule)) {
      for (uint64_t key : keys) longer.push_back(mix(key, digest));
    }
    keys = std::move(longer);
  }
  for (uint64_t key : keys) out->emplace_back(key, record);
}

std::vector<std::pair<uint64_t, uint32_t>> sorted_keys(const TokenDataset& dataset, const std::vector<size_t>& rules) {
  std::vector<std::pair<uint64_t, uint32_t>> keys;
  keys.reserve(dataset.records());
  for (uint32_t record = 0; record < dataset.records(); ++record) append_keys(dataset, record, rules, &keys);
  std::sort(keys.begin(), keys.end());
  return keys;
}

bool share_a_token(const TokenDataset& dataset1, uint32_t record1, const TokenDataset& dataset2, uint32_t record2,
                   size_t rule) {
  const std::vector<TokenDigest> tokens2 = dataset2.tokens(record2, rule);
  for (const TokenDigest& token : dataset1.tokens(record1, rule)) {
    if (std::find(tokens2.begin(), tokens2.end(), token) != tokens2.end()) return true;
  }
  return false;
}

size_t count_distinct(std::vector<uint32_t> records) {
  std::sort(records.begin(), records.end());
  return static_cast<size_t>(std::unique(records.begin(), records.end()) - records.begin());
}

OverlapResult analyze_set(const TokenDataset& dataset1, const TokenDataset& dataset2,
                          const std::vector<std::string>& set) {
  OverlapResult result;
  std::vector<size_t> rules;
  for (const std::string& rule : set) {
    const auto& known = dataset1.rules();
    const auto index = static_cast<size_t>(std::find(known.begin(), known.end(), rule) - known.begin());
    if (std::find(rules.begin(), rules.end(), index) != rules.end()) continue;  // named twice
    rules.push_back(index);
    result.matching_rules.push_back(rule);
  }
  const auto keys1 = sorted_keys(dataset1, rules);
  const auto keys2 = sorted_keys(dataset2, rules);
  for (size_t i = 0, j = 0; i < keys1.size() && j < keys2.size();) {
    if (keys1[i].first != keys2[j].first) {
      keys1[i].first < keys2[j].first ? ++i : ++j;
      continue;
    }
    const uint64_t key = keys1[i].first;
    size_t j_end = j;
    while (j_end < keys2.size() && keys2[j_end].first == key) ++j_end;
    for (; i < keys1.size() && keys1[i].first == key; ++i) {
      for (size_t k = j; k < j_end; ++k) {
        const bool agree = std::all_of(rules.begin(), rules.end(), [&](size_t rule) {
          return share_a_token(dataset1, keys1[i].second, dataset2, keys2[k].second, rule);
        });
        if (agree) result.matches.emplace_back(keys1[i].second, keys2[k].second);
      }
    }
    j = j_end;
  }
  std::sort(result.matches.begin(), result.matches.end());
  result.matches.erase(std::unique(result.matches.begin(), result.matches.end()), result.matches.end());
  std::vector<uint32_t> matched1;
  std::vector<uint32_t> matched2;
  for (const auto& [record1, record2] : result.matches) {
    matched1.push_back(record1);
    matched2.push_back(record2);
  }
  result.total_records_dataset1 = dataset1.records();
  result.total_records_dataset2 = dataset2.records();
  result.matching_records_dataset1 = count_distinct(std::move(matched1));
  result.matching_records_dataset2 = count_distinct(std::move(matched2));
  return result;
}

std::string joined(const std::vector<std::string>& words, std::string_view separator) {
  std::string out;
  for (const std::string& word : words) {
    if (!out.empty()) out += separator;
    out += word;
  }
  return out;
}

/// 1234567 to "1,234,567".
std::string with_thousands(size_t number) {
  std::string digits = std::to_string(number);
  for (auto at = static_cast<ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<size_t>(at), ",");
  return digits;
}

std::string csv_field(std::string_view value) {
  if (value.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(value);
  std::string out = "\"";
  for (char c : value) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

}  // namespace

uint32_t TokenDataset::add_record(std::string_view record_id) {
  const auto next = static_cast<uint32_t>(record_ids_.size());
  const auto [it, added] = record_of_id_.try_emplace(std::string(record_id), next);
  if (added) record_ids_.emplace_back(record_id);
  return it->second;
}

void TokenDataset::add_token(uint32_t record, size_t rule, const TokenDigest& digest) {
  std::vector<TokenDigest>& column = columns_[rule];
  if (column.size() <= record) column.resize(std::max<size_t>(record + 1, record_ids_.size()), kNoToken);
  TokenDigest& first = column[record];
  if (first == kNoToken) {
    first = digest;
    return;
  }
  std::vector<TokenDigest> known = tokens(record, rule);
  if (std::find(known.begin(), known.end(), digest) != known.end()) return;
  more_[uint64_t{record} * rules_.size() + rule].push_back(digest);
}

std::vector<TokenDigest> TokenDataset::tokens(uint32_t record, size_t rule) const {
  const std::vector<TokenDigest>& column = columns_[rule];
  if (record >= column.size() || column[record] == kNoToken) return {};
  std::vector<TokenDigest> all = {column[record]};
  if (more_.empty()) return all;
  const auto more = more_.find(uint64_t{record} * rules_.size() + rule);
  if (more != more_.end()) all.insert(all.end(), more->second.begin(), more->second.end());
  return all;
}

double OverlapResult::overlap_percentage() const {
  const size_t smaller = std::min(total_records_dataset1, total_records_dataset2);
  if (smaller == 0) return 0;
  return 100.0 * static_cast<double>(std::min(matching_records_dataset1, matching_records_dataset2)) /
         static_cast<double>(smaller);
}

Result<TokenDataset> read_token_dataset(const std::string& path, const OverlapOptions& options,
                                        const Secret& encryption_key, const TokenRun& run) {
  TokenDataset dataset(distinct_rules(options));
  if (dataset.rules().empty())
    return Status::Invalid("no rules to compare by; give --rules, for example --rules T1,T2");
  ARROW_ASSIGN_OR_RAISE(auto reader, open_token_file(path, TextDialect::kPython));
  std::vector<std::unique_ptr<RowDigester>> digesters;
  for (int i = 0; i < run.pool.threads(); ++i) {
    std::unique_ptr<TokenOpener> opener;
    if (!encryption_key.empty()) {
      ARROW_ASSIGN_OR_RAISE(opener, TokenOpener::make(encryption_key.bytes()));
    }
    digesters.push_back(std::make_unique<RowDigester>(dataset.rules(), options.blank_tokens_match, std::move(opener)));
  }
  if (run.progress != nullptr) run.progress->begin("read " + path, "tokens");
  const auto work = [&](const TextBlock& block, int worker, DigestedRows* out) -> Status {
    RowDigester& digester = *digesters[static_cast<size_t>(worker)];
    for (size_t position = 0;;) {
      ARROW_ASSIGN_OR_RAISE(const bool more, reader->parse(block, &position, &digester.columns));
      if (!more) return Status::OK();
      const Status status = digester.digest(out);
      if (!status.ok()) return status.WithMessage(path, ": ", status.message());
    }
  };
  const auto add = [&](const DigestedRows& rows) -> Status {
    add_rows(rows, &dataset);
    if (run.progress != nullptr) run.progress->advance(rows.rows.size());
    return Status::OK();
  };
  ARROW_RETURN_NOT_OK((run_ordered_pipeline<TextBlock, DigestedRows>(
      run.pool, [&](TextBlock* block) { return reader->next(block); }, work, add, run.cancellation)));
  if (run.progress != nullptr) run.progress->end();
  return dataset;
}

std::vector<OverlapResult> analyze_overlap(const TokenDataset& dataset1, const TokenDataset& dataset2,
                                           const OverlapOptions& options) {
  std::vector<OverlapResult> results;
  for (const auto& set : options.rule_sets) results.push_back(analyze_set(dataset1, dataset2, set));
  return results;
}

std::string overlap_json(const std::vector<OverlapResult>& results, const TokenDataset& dataset1,
                         const TokenDataset& dataset2, const OverlapOptions& options) {
  using OrderedJson = nlohmann::ordered_json;
  OrderedJson all = OrderedJson::array();
  for (const OverlapResult& result : results) {
    OrderedJson json;
    json["total_records_dataset1"] = result.total_records_dataset1;
    json["total_records_dataset2"] = result.total_records_dataset2;
    json["matching_records_dataset1"] = result.matching_records_dataset1;
    json["matching_records_dataset2"] = result.matching_records_dataset2;
    json["unique_to_dataset1"] = result.total_records_dataset1 - result.matching_records_dataset1;
    json["unique_to_dataset2"] = result.total_records_dataset2 - result.matching_records_dataset2;
    json["overlap_percentage"] = result.overlap_percentage();
    OrderedJson matches = OrderedJson::array();
    for (const auto& [record1, record2] : result.matches) {
      OrderedJson match;
      match[options.name1 + "_RecordId"] = dataset1.record_id(record1);
      match[options.name2 + "_RecordId"] = dataset2.record_id(record2);
      matches.push_back(std::move(match));
    }
    json["matches"] = std::move(matches);
    json["dataset1_name"] = options.name1;
    json["dataset2_name"] = options.name2;
    json["matching_rules"] = result.matching_rules;
    all.push_back(std::move(json));
  }
  const auto replace = OrderedJson::error_handler_t::replace;
  return (all.size() == 1 ? all[0] : all).dump(2, ' ', false, replace) + "\n";
}

std::string overlap_summary(const OverlapResult& result, const OverlapOptions& options) {
  const std::string line = std::string(70, '=') + "\n";
  std::string out = line + "Dataset Overlap Analysis\n" + line;
  const auto dataset = [&](const char* number, const std::string& name, size_t total, size_t matching) {
    out += std::string("Dataset ") + number + ": " + name + "\n";
    out += "  Total records: " + with_thousands(total) + "\n";
    out += "  Matching records: " + with_thousands(matching) + "\n";
    out += "  Unique records: " + with_thousands(total - matching) + "\n\n";
  };
  dataset("1", options.name1, result.total_records_dataset1, result.matching_records_dataset1);
  dataset("2", options.name2, result.total_records_dataset2, result.matching_records_dataset2);
  std::array<char, 32> percentage;
  std::snprintf(percentage.data(), percentage.size(), "%.2f%%", result.overlap_percentage());
  out += "Matching Rules: " + joined(result.matching_rules, ", ") + "\n";
  out += "Overlap Percentage: " + std::string(percentage.data()) + "\n";
  return out + line;
}

std::string overlap_matches_csv(const std::vector<OverlapResult>& results, const TokenDataset& dataset1,
                                const TokenDataset& dataset2, const OverlapOptions& options) {
  std::string out =
      "MatchingRules," + csv_field(options.name1 + "_RecordId") + "," + csv_field(options.name2 + "_RecordId") + "\n";
  for (const OverlapResult& result : results) {
    const std::string rules = joined(result.matching_rules, "+");
    for (const auto& [record1, record2] : result.matches) {
      out += csv_field(rules) + "," + csv_field(dataset1.record_id(record1)) + "," +
             csv_field(dataset2.record_id(record2)) + "\n";
    }
  }
  return out;
}

}  // namespace linkwright
