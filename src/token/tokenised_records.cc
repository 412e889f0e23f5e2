#include "token/tokenised_records.h"

#include <algorithm>
#include <functional>

#include "base/ordered_pipeline.h"
#include "token/big_endian.h"
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
  TokenTally tally{0};
};

Status digest_rows(const TextColumns& columns, TokenDigester* digester, DigestedRows* out) {
  for (size_t row = 0; row < columns.rows; ++row) {
    const std::string_view id = columns.columns[kRecordIdColumn][row].text;
    if (out->texts.empty() || SortedRows::id_of(out->texts.back()) != id) {
      SortedRows::begin(id, static_cast<uint64_t>(out->tally.rows), &out->texts.emplace_back());
    }
    ARROW_ASSIGN_OR_RAISE(const auto token, digester->digest(columns.columns[kRuleIdColumn][row].text,
                                                             columns.columns[kTokenColumn][row].text, &out->tally));
    if (token) SortedRows::append_token(token->rule, token->digest, &out->texts.back());
  }
  return Status::OK();
}

}  // namespace

Result<TokenisedRecords> TokenisedRecords::read(const std::string& path, const std::vector<std::string>& rules,
                                                bool blank_tokens_match, const Secret& encryption_key,
                                                const SortSpace& space, const TokenRun& run) {
  struct Worker {
    std::unique_ptr<TokenDigester> digester;
    TextColumns columns;
  };
  ARROW_ASSIGN_OR_RAISE(auto reader, open_token_file(path, TextDialect::kPython));
  std::vector<Worker> workers(static_cast<size_t>(run.pool.threads()));
  for (Worker& worker : workers) {
    std::unique_ptr<TokenOpener> opener;
    if (!encryption_key.empty()) {
      ARROW_ASSIGN_OR_RAISE(opener, TokenOpener::make(encryption_key.bytes()));
    }
    const TokenDigester::Options options{.rules = rules, .blank_tokens_match = blank_tokens_match};
    worker.digester = std::make_unique<TokenDigester>(options, std::move(opener));
  }
  if (run.progress != nullptr) run.progress->begin("read " + path, "tokens");
  const auto work = [&](const TextBlock& block, int number, DigestedRows* out) -> Status {
    out->tally = TokenTally(rules.size());
    Worker& worker = workers[static_cast<size_t>(number)];
    for (size_t position = 0;;) {
      ARROW_ASSIGN_OR_RAISE(const bool more, reader->parse(block, &position, &worker.columns));
      if (!more) return Status::OK();
      const Status status = digest_rows(worker.columns, worker.digester.get(), out);
      if (!status.ok()) return status.WithMessage(path, ": ", status.message());
    }
  };
  TokenTally tally(rules.size());
  ExternalSorter sorter(space.memory_bytes, space.folder);
  const auto add = [&](DigestedRows block) -> Status {
    if (run.progress != nullptr) run.progress->advance(static_cast<size_t>(block.tally.rows));
    for (std::string& text : block.texts) {
      SortedRows::move_by(static_cast<uint64_t>(tally.rows), &text);
      ARROW_RETURN_NOT_OK(sorter.add(text));
    }
    tally.add(block.tally);
    return Status::OK();
  };
  ARROW_RETURN_NOT_OK((run_ordered_pipeline<TextBlock, DigestedRows>(
      run.pool, [&](TextBlock* block) { return reader->next(block); }, work, add, run.cancellation)));
  if (run.progress != nullptr) run.progress->end();
  ARROW_RETURN_NOT_OK(tally.check(path, rules));
  ARROW_RETURN_NOT_OK(sorter.finish());
  return TokenisedRecords(std::move(sorter), std::move(tally));
}

Status TokenisedRecords::for_each(const std::function<Status(const TokenisedRecord&)>& take,
                                  const Cancellation* cancellation) {
  constexpr size_t kRowsBetweenChecks = 4096;
  TokenisedRecord record;
  record.tokens.resize(tally_.rows_of_rule.size());
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
