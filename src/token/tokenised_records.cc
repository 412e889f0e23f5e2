#include "token/tokenised_records.h"

#include <algorithm>
#include <functional>

#include "base/ordered_pipeline.h"
#include "token/big_endian.h"
#include "token/match_token.h"
#include "token/token_crypto.h"
#include "token/token_file_columns.h"

namespace linkwright {
namespace {

/// Rows one after the other that share a record id, as they are sorted: a hash of the id, the id, the number of the
/// first row, and the tokens, each a rule and a digest. So rows of one id come together, and the first of them first.
///
///     hash (8) | length of the id (4) | id | number of the row (8) | { rule (4) | digest (16) }...
struct SortedRows {
  static constexpr size_t kIdPlace = sizeof(uint64_t) + sizeof(uint32_t);

  static void begin(std::string_view id, uint64_t row, std::string* out) {
    out->clear();
    append_number(uint64_t{std::hash<std::string_view>{}(id)}, out);
    append_number(static_cast<uint32_t>(id.size()), out);
    out->append(id);
    append_number(row, out);
  }

  static void append_token(size_t rule, const TokenDigest& digest, std::string* out) {
    append_number(static_cast<uint32_t>(rule), out);
    for (uint64_t half : digest) append_number(half, out);
  }

  /// Adds `rows` to the number of the first row.
  static void move_by(uint64_t rows, std::string* text) {
    const std::string_view id = id_of(*text);
    char* const place = text->data() + kIdPlace + id.size();
    std::string_view number(place, sizeof(uint64_t));
    const uint64_t moved = to_big_endian(take_number<uint64_t>(&number) + rows);
    std::memcpy(place, &moved, sizeof(moved));
  }

  static std::string_view id_of(std::string_view text) {
    text.remove_prefix(sizeof(uint64_t));
    const auto length = take_number<uint32_t>(&text);
    return text.substr(0, length);
  }

  /// Everything behind the id.
  static std::string_view tokens_of(std::string_view text) { return text.substr(kIdPlace + id_of(text).size()); }
};

/// A block of a file of tokens, ready to be sorted.
struct DigestedRows {
  std::vector<std::string> texts;
  int64_t rows = 0;
  std::vector<int64_t> rows_of_rule;
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
    out->rows_of_rule.resize(rules_.size());
    for (size_t row = 0; row < columns.rows; ++row, ++out->rows) {
      const std::string_view id = columns.columns[kRecordIdColumn][row].text;
      if (out->texts.empty() || SortedRows::id_of(out->texts.back()) != id) {
        SortedRows::begin(id, static_cast<uint64_t>(out->rows), &out->texts.emplace_back());
      }
      const std::string_view rule_id = columns.columns[kRuleIdColumn][row].text;
      const auto rule = static_cast<size_t>(std::find(rules_.begin(), rules_.end(), rule_id) - rules_.begin());
      if (rule == rules_.size()) {
        add_distinct(rule_id, &out->other_rules);
        continue;
      }
      ++out->rows_of_rule[rule];
      ARROW_ASSIGN_OR_RAISE(const TokenDigest digest, digest_token(columns.columns[kTokenColumn][row].text, out));
      if (digest != kNoToken) SortedRows::append_token(rule, digest, &out->texts.back());
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
class ReadRows {
 public:
  ReadRows(const std::vector<std::string>& rules, const SortSpace& space)
      : rules_(rules), rows_of_rule_(rules.size()), sorter_(space.memory_bytes, space.folder) {}

  ExternalSorter& sorter() { return sorter_; }
  int64_t undecrypted() const { return undecrypted_; }

  Status add(DigestedRows block) {
    for (std::string& text : block.texts) {
      SortedRows::move_by(static_cast<uint64_t>(rows_), &text);
      ARROW_RETURN_NOT_OK(sorter_.add(text));
    }
    for (size_t rule = 0; rule < block.rows_of_rule.size(); ++rule) rows_of_rule_[rule] += block.rows_of_rule[rule];
    for (const std::string& rule : block.other_rules) add_distinct(rule, &other_rules_);
    rows_ += block.rows;
    tokens_ += block.tokens;
    undecrypted_ += block.undecrypted;
    return Status::OK();
  }

  Status check(const std::string& path) const {
    for (size_t rule = 0; rows_ > 0 && rule < rules_.size(); ++rule) {
      if (rows_of_rule_[rule] > 0) continue;
      return Status::Invalid(path, ": no row has the rule '", rules_[rule], "'; the file has ", known_rules());
    }
    if (undecrypted_ > 0 && undecrypted_ == tokens_) {
      return Status::Invalid(path, ": the key opens none of ", tokens_,
                             " tokens; it is not the key they were made with");
    }
    return Status::OK();
  }

 private:
  std::string known_rules() const {
    std::vector<std::string> known = other_rules_;
    for (size_t i = 0; i < rules_.size(); ++i) {
      if (rows_of_rule_[i] > 0) known.push_back(rules_[i]);
    }
    std::sort(known.begin(), known.end());
    std::string names;
    for (const std::string& name : known) names += (names.empty() ? "" : ", ") + name;
    return names;
  }

  const std::vector<std::string>& rules_;
  std::vector<int64_t> rows_of_rule_;
  std::vector<std::string> other_rules_;
  int64_t rows_ = 0;
  int64_t tokens_ = 0;
  int64_t undecrypted_ = 0;
  ExternalSorter sorter_;
};

}  // namespace

Result<TokenisedRecords> TokenisedRecords::read(const std::string& path, const std::vector<std::string>& rules,
                                                bool blank_tokens_match, const Secret& encryption_key,
                                                const SortSpace& space, const TokenRun& run) {
  ReadRows all(rules, space);
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
  const auto add = [&](DigestedRows block) -> Status {
    if (run.progress != nullptr) run.progress->advance(static_cast<size_t>(block.rows));
    return all.add(std::move(block));
  };
  ARROW_RETURN_NOT_OK((run_ordered_pipeline<TextBlock, DigestedRows>(
      run.pool, [&](TextBlock* block) { return reader->next(block); }, work, add, run.cancellation)));
  if (run.progress != nullptr) run.progress->end();
  ARROW_RETURN_NOT_OK(all.check(path));
  ARROW_RETURN_NOT_OK(all.sorter().finish());
  return TokenisedRecords(rules.size(), std::move(all.sorter()), all.undecrypted());
}

Status TokenisedRecords::for_each(const std::function<Status(const TokenisedRecord&)>& take,
                                  const Cancellation* cancellation) {
  constexpr size_t kRowsBetweenChecks = 4096;
  TokenisedRecord record;
  record.tokens.resize(rules_);
  std::string key;  // what the rows of the record in hand begin with; its id is a view into it
  const auto give = [&]() -> Status {
    if (key.empty()) return Status::OK();
    for (auto& tokens : record.tokens) {
      std::sort(tokens.begin(), tokens.end());
      tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
    }
    return take(record);
  };
  std::string_view text;
  for (size_t count = 0;; ++count) {
    if (cancellation != nullptr && count % kRowsBetweenChecks == 0) ARROW_RETURN_NOT_OK(cancellation->check());
    ARROW_ASSIGN_OR_RAISE(const bool more, rows_.next(&text));
    if (!more) return give();
    std::string_view rest = SortedRows::tokens_of(text);
    const auto number = take_number<uint64_t>(&rest);
    if (key.empty() || !text.starts_with(key)) {
      ARROW_RETURN_NOT_OK(give());
      key.assign(text.substr(0, SortedRows::kIdPlace + SortedRows::id_of(text).size()));
      record.number = number;
      record.id = std::string_view(key).substr(SortedRows::kIdPlace);
      for (auto& tokens : record.tokens) tokens.clear();
    }
    while (!rest.empty()) {
      std::vector<TokenDigest>& tokens = record.tokens[take_number<uint32_t>(&rest)];
      const auto first = take_number<uint64_t>(&rest);
      tokens.push_back({first, take_number<uint64_t>(&rest)});
    }
  }
}

}  // namespace linkwright
