#include "token/token_dataset.h"

#include <algorithm>
#include <functional>

#include "base/nearest_name.h"
#include "base/ordered_pipeline.h"
#include "token/match_token.h"
#include "token/token_crypto.h"
#include "token/token_file_columns.h"

namespace linkwright {
namespace {

/// One row of a file of tokens, ready to be added.
struct DigestedRow {
  uint32_t record;  // into the block's record ids
  int32_t rule;     // -1: of no rule that is asked for
  TokenDigest digest;
};

struct DigestedRows {
  std::vector<std::string> record_ids;
  std::vector<DigestedRow> rows;
  std::vector<std::string> other_rules;  // that are not asked for, each once
  int64_t tokens = 0;                    // of the rules, blank ones apart
  int64_t undecrypted = 0;
};

bool looks_encrypted(std::string_view token) {
  return token.starts_with(kMatchTokenPrefix) || token.size() == kEncryptedTokenLength;
}

void add_distinct(std::string_view word, std::vector<std::string>* words) {
  if (std::find(words->begin(), words->end(), word) == words->end()) words->emplace_back(word);
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
      const std::string_view rule_id = columns.columns[kRuleIdColumn][row].text;
      const auto rule = std::find(rules_.begin(), rules_.end(), rule_id);
      if (rule != rules_.end()) {
        digested.rule = static_cast<int32_t>(rule - rules_.begin());
        ARROW_ASSIGN_OR_RAISE(digested.digest, digest_token(columns.columns[kTokenColumn][row].text, out));
      } else {
        add_distinct(rule_id, &out->other_rules);
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
    if (!blank) ++out->tokens;
    return blank && !blank_tokens_match_ ? kNoToken : token_digest(token);
  }

  const std::vector<std::string>& rules_;
  bool blank_tokens_match_;
  std::unique_ptr<TokenOpener> opener_;
  std::string opened_;
};

/// What is read of a file, and what it takes to see that it is not what was meant.
struct ReadTokens {
  TokenDataset dataset;
  std::vector<std::string> other_rules;
  int64_t rows = 0;
  int64_t tokens = 0;

  void add(const DigestedRows& block) {
    std::vector<uint32_t> records;
    records.reserve(block.record_ids.size());
    for (const std::string& id : block.record_ids) records.push_back(dataset.add_record(id));
    for (const DigestedRow& row : block.rows) {
      if (row.rule >= 0) dataset.add_token(records[row.record], static_cast<size_t>(row.rule), row.digest);
    }
    for (const std::string& rule : block.other_rules) add_distinct(rule, &other_rules);
    rows += static_cast<int64_t>(block.rows.size());
    tokens += block.tokens;
    dataset.undecrypted += block.undecrypted;
  }

  Status check(const std::string& path) const {
    for (size_t rule = 0; rows > 0 && rule < dataset.rules().size(); ++rule) {
      if (dataset.rows(rule) > 0) continue;
      std::vector<std::string> known = other_rules;
      for (size_t i = 0; i < dataset.rules().size(); ++i) {
        if (dataset.rows(i) > 0) known.push_back(dataset.rules()[i]);
      }
      std::sort(known.begin(), known.end());
      std::string names;
      for (const std::string& name : known) names += (names.empty() ? "" : ", ") + name;
      return Status::Invalid(path, ": no row has the rule '", dataset.rules()[rule], "'; the file has ", names);
    }
    if (dataset.undecrypted > 0 && dataset.undecrypted == tokens) {
      return Status::Invalid(path, ": the key opens none of ", tokens,
                             " tokens; it is not the key they were made with");
    }
    return Status::OK();
  }
};

}  // namespace

std::string_view TokenDataset::record_id(size_t record) const {
  const uint64_t start = record == 0 ? 0 : id_ends_[record - 1];
  return std::string_view(ids_).substr(start, id_ends_[record] - start);
}

uint32_t TokenDataset::add_record(std::string_view record_id) {
  if (2 * (records() + 1) > table_.size()) grow_table();
  const size_t mask = table_.size() - 1;
  size_t place = std::hash<std::string_view>{}(record_id)&mask;
  for (; table_[place] != 0; place = (place + 1) & mask) {
    if (this->record_id(table_[place] - 1) == record_id) return table_[place] - 1;
  }
  ids_.append(record_id);
  id_ends_.push_back(ids_.size());
  table_[place] = static_cast<uint32_t>(records());
  return table_[place] - 1;
}

void TokenDataset::grow_table() {
  constexpr size_t kSmallest = 1024;
  table_.assign(std::max(kSmallest, 2 * table_.size()), 0);
  const size_t mask = table_.size() - 1;
  for (size_t record = 0; record < records(); ++record) {
    size_t place = std::hash<std::string_view>{}(record_id(record)) & mask;
    while (table_[place] != 0) place = (place + 1) & mask;
    table_[place] = static_cast<uint32_t>(record + 1);
  }
}

void TokenDataset::add_token(uint32_t record, size_t rule, const TokenDigest& digest) {
  ++rows_of_rule_[rule];
  if (digest == kNoToken) return;
  std::vector<TokenDigest>& column = columns_[rule];
  if (column.size() <= record) column.resize(record + 1, kNoToken);
  TokenDigest& first = column[record];
  if (first == kNoToken) {
    first = digest;
    return;
  }
  const std::vector<TokenDigest> known = tokens(record, rule);
  if (std::find(known.begin(), known.end(), digest) != known.end()) return;
  more_[uint64_t{record} * rules_.size() + rule].push_back(digest);
}

const TokenDigest& TokenDataset::first_token(uint32_t record, size_t rule) const {
  const std::vector<TokenDigest>& column = columns_[rule];
  return record < column.size() ? column[record] : kNoToken;
}

std::vector<TokenDigest> TokenDataset::tokens(uint32_t record, size_t rule) const {
  const TokenDigest& first = first_token(record, rule);
  if (first == kNoToken) return {};
  std::vector<TokenDigest> all = {first};
  if (more_.empty()) return all;
  const auto more = more_.find(uint64_t{record} * rules_.size() + rule);
  if (more != more_.end()) all.insert(all.end(), more->second.begin(), more->second.end());
  return all;
}

bool TokenDataset::shares_token(uint32_t record, const TokenDataset& other, uint32_t other_record, size_t rule) const {
  const TokenDigest& first = first_token(record, rule);
  if (first != kNoToken && first == other.first_token(other_record, rule)) return true;
  if (more_.empty() && other.more_.empty()) return false;
  const std::vector<TokenDigest> others = other.tokens(other_record, rule);
  const std::vector<TokenDigest> own = tokens(record, rule);
  return std::find_first_of(own.begin(), own.end(), others.begin(), others.end()) != own.end();
}

Result<TokenDataset> read_token_dataset(const std::string& path, const std::vector<std::string>& rules,
                                        bool blank_tokens_match, const Secret& encryption_key, const TokenRun& run) {
  ReadTokens all{.dataset = TokenDataset(rules), .other_rules = {}};
  ARROW_ASSIGN_OR_RAISE(auto reader, open_token_file(path, TextDialect::kPython));
  std::vector<std::unique_ptr<RowDigester>> digesters;
  for (int i = 0; i < run.pool.threads(); ++i) {
    std::unique_ptr<TokenOpener> opener;
    if (!encryption_key.empty()) {
      ARROW_ASSIGN_OR_RAISE(opener, TokenOpener::make(encryption_key.bytes()));
    }
    digesters.push_back(std::make_unique<RowDigester>(rules, blank_tokens_match, std::move(opener)));
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
    all.add(rows);
    if (run.progress != nullptr) run.progress->advance(rows.rows.size());
    return Status::OK();
  };
  ARROW_RETURN_NOT_OK((run_ordered_pipeline<TextBlock, DigestedRows>(
      run.pool, [&](TextBlock* block) { return reader->next(block); }, work, add, run.cancellation)));
  if (run.progress != nullptr) run.progress->end();
  ARROW_RETURN_NOT_OK(all.check(path));
  return std::move(all.dataset);
}

}  // namespace linkwright
