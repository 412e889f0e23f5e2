#include "token/token_files.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/ordered_pipeline.h"
#include "io/pending_file.h"
#include "io/table_reader.h"
#include "token/token_file_columns.h"
#include "token/token_file_writer.h"
#include "token/tokenizer_plan.h"

namespace linkwright {
namespace {

using OrderedJson = nlohmann::ordered_json;

Status check_output(const std::string& input, const std::string& output) {
  std::error_code error;
  if (std::filesystem::equivalent(input, output, error)) {
    return Status::Invalid("'", output, "' is the input; choose another name for the output");
  }
  return Status::OK();
}

void advance(const TokenRun& run, size_t rows) {
  if (run.progress != nullptr) run.progress->advance(rows);
}

struct EncodedPeople {
  TokenFileWriter::Encoded tokens;
  BatchCounts counts;
  int64_t malformed_rows = 0;
};

/// A file of people, and where its attributes are.
struct PeopleTable {
  std::unique_ptr<TextTableReader> reader;
  PeopleLayout layout;
};

Result<PeopleTable> open_people(const Tokenizer::Plan& plan, const std::string& path, char delimiter) {
  PeopleTable table;
  ARROW_ASSIGN_OR_RAISE(table.reader,
                        TextTableReader::open(path, {.dialect = plan.traits.dialect, .delimiter = delimiter}));
  auto laid_out = lay_out_people(plan, table.reader->headers());
  if (!laid_out.ok()) return laid_out.status().WithMessage(path, ": ", laid_out.status().message());
  table.layout = std::move(*laid_out);
  ARROW_RETURN_NOT_OK(table.reader->select(table.layout.slots, table.layout.slot_count));
  return table;
}

/// Every thread's part of a tokenize run.
class TokenizeWorkers {
 public:
  static Result<TokenizeWorkers> make(const Tokenizer::Plan& plan, int threads) {
    TokenizeWorkers all;
    all.columns_.resize(static_cast<size_t>(threads));
    all.tokens_sizes_.resize(static_cast<size_t>(threads));
    for (int i = 0; i < threads; ++i) {
      ARROW_ASSIGN_OR_RAISE(auto worker, TokenWorker::make(plan));
      all.workers_.push_back(std::move(worker));
    }
    return all;
  }

  /// Each `worker` for one thread at a time.
  Status make_tokens(const PeopleTable& table, const TextBlock& block, int worker, const TokenFileWriter& writer,
                     EncodedPeople* out) {
    const auto index = static_cast<size_t>(worker);
    TextColumns& people = columns_[index];
    TokenTable tokens;
    tokens.tokens.reserve_bytes(tokens_sizes_[index]);
    for (size_t position = 0;;) {
      ARROW_ASSIGN_OR_RAISE(const bool more, table.reader->parse(block, &position, &people));
      if (!more) break;
      ARROW_RETURN_NOT_OK(workers_[index]->make_tokens(table.layout, people, &tokens, &out->counts));
      out->malformed_rows += people.malformed_rows;
    }
    const size_t size = tokens.tokens.bytes().size();
    tokens_sizes_[index] = size + size / 16;
    ARROW_ASSIGN_OR_RAISE(out->tokens, writer.encode(std::move(tokens)));
    return Status::OK();
  }

 private:
  TokenizeWorkers() = default;
  std::vector<std::unique_ptr<TokenWorker>> workers_;
  std::vector<TextColumns> columns_;
  std::vector<size_t> tokens_sizes_;  // blocks are alike: what one needed, the next reserves
};

/// One thread's part of a detokenize run.
struct OpeningWorker {
  std::unique_ptr<TokenOpener> opener;
  TextColumns columns;
};

struct OpenedTokens {
  TokenFileWriter::Encoded tokens;
  DetokenizeReport report;
};

uint32_t rule_index(std::string_view rule, TokenTable* table) {
  for (size_t i = 0; i < table->rule_ids.size(); ++i) {
    if (table->rule_ids[i] == rule) return static_cast<uint32_t>(i);
  }
  table->rule_ids.emplace_back(rule);
  return static_cast<uint32_t>(table->rule_ids.size() - 1);
}

void open_tokens(const TextColumns& columns, TokenOpener* opener, TokenTable* table, DetokenizeReport* report) {
  std::string opened;
  for (size_t row = 0; row < columns.rows; ++row) {
    table->rule_of_row.push_back(rule_index(columns.columns[kRuleIdColumn][row].text, table));
    const std::string_view token = columns.columns[kTokenColumn][row].text;
    if (token.empty() || token == kBlankToken) {
      ++report->blank;
      table->tokens.append(token);
    } else if (opened.clear(); opener->open(token, &opened)) {
      ++report->decrypted;
      table->tokens.append(opened);
    } else {
      ++report->unreadable;
      table->tokens.append(token);
    }
    const std::string_view record = columns.columns[kRecordIdColumn][row].text;
    if (table->record_ids.empty() || table->record_ids.back() != record) table->record_ids.append(record);
    table->record_of_row.push_back(static_cast<uint32_t>(table->record_ids.size() - 1));
  }
  report->rows += static_cast<int64_t>(columns.rows);
}

}  // namespace

/// The references' keys in their order; linkwright's own say what else decided the tokens.
std::string token_metadata_json(const Tokenizer::Plan& plan, const TokenSecrets& secrets,
                                const TokenizeReport& report) {
  OrderedJson json;
  json["Platform"] = "linkwright";
  json[plan.traits.version.starts_with("1.") ? "OpenTokenVersion" : "Version"] = plan.traits.version;
  json["Profile"] = plan.traits.name;
  json["Mode"] = token_mode_name(secrets.mode);
  if (secrets.mode == TokenMode::kEncrypt) json["TokenFormat"] = secrets.format == TokenFormat::kMatchToken ? 2 : 1;
  if (secrets.mode == TokenMode::kEncrypt && secrets.format == TokenFormat::kMatchToken)
    json["RingId"] = secrets.ring_id;
  json["Today"] = format_iso_date(plan.dates.today);
  json["TimeZone"] = plan.dates.time_zone->name();
  if (!secrets.hashing_secret_sha256.empty()) json["HashingSecretHash"] = secrets.hashing_secret_sha256;
  if (!secrets.encryption_key_sha256.empty()) json["EncryptionSecretHash"] = secrets.encryption_key_sha256;
  json["TotalRows"] = report.counts.rows;
  int64_t rows_with_invalid = report.counts.rows_with_invalid_attributes;
  if (!plan.traits.counts_distinct_rows) {
    rows_with_invalid = 0;
    for (const auto& [name, count] : report.counts.invalid_attributes) rows_with_invalid += count;
  }
  json["TotalRowsWithInvalidAttributes"] = rows_with_invalid;
  json["DistinctRowsWithInvalidAttributes"] = report.counts.rows_with_invalid_attributes;
  json["MalformedRows"] = report.malformed_rows;
  json["InvalidAttributesByType"] = report.counts.invalid_attributes;
  json["BlankTokensByRule"] = report.counts.blank_tokens;
  return json.dump(2);
}

std::string metadata_path_of(const std::string& output) {
  std::filesystem::path path(output);
  return path.replace_extension().string() + ".metadata.json";
}

Result<TokenizeReport> tokenize_files(const PeopleFiles& input, const std::string& output, const Tokenizer& tokenizer,
                                      const TokenRun& run) {
  ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> paths, expand_paths(input.paths));
  for (const std::string& path : paths) ARROW_RETURN_NOT_OK(check_output(path, output));
  const Tokenizer::Plan& plan = tokenizer.plan();
  // All headers are looked at before a row is read: an ambiguous one must not end a run half way.
  std::vector<PeopleTable> tables;
  TokenizeReport report;
  for (const std::string& path : paths) {
    ARROW_ASSIGN_OR_RAISE(PeopleTable table, open_people(plan, path, input.delimiter));
    for (const std::string& warning : table.layout.warnings) report.warnings.push_back(path + ": " + warning);
    tables.push_back(std::move(table));
  }
  ARROW_ASSIGN_OR_RAISE(auto writer, TokenFileWriter::open(output, plan.traits.dialect));
  ARROW_ASSIGN_OR_RAISE(TokenizeWorkers workers, TokenizeWorkers::make(plan, run.pool.threads()));
  BatchCounts counts;
  if (run.progress != nullptr) run.progress->begin("tokenize", "rows");
  const auto write = [&](const EncodedPeople& encoded) -> Status {
    counts.merge(encoded.counts);
    report.malformed_rows += encoded.malformed_rows;
    advance(run, static_cast<size_t>(encoded.counts.rows));
    return writer->write(encoded.tokens);
  };
  for (const PeopleTable& table : tables) {
    ARROW_RETURN_NOT_OK((run_ordered_pipeline<TextBlock, EncodedPeople>(
        run.pool, [&](TextBlock* block) { return table.reader->next(block); },
        [&](const TextBlock& block, int worker, EncodedPeople* out) {
          return workers.make_tokens(table, block, worker, *writer, out);
        },
        write, run.cancellation)));
  }
  ARROW_RETURN_NOT_OK(writer->finish());
  if (run.progress != nullptr) run.progress->end();
  report.counts = counts.named(plan.signatures);
  report.metadata_path = metadata_path_of(output);
  const TokenSecrets secrets{plan.mode, plan.format, plan.ring_id, plan.hashing_secret_sha256,
                             plan.encryption_key_sha256};
  ARROW_RETURN_NOT_OK(write_file_atomically(report.metadata_path, token_metadata_json(plan, secrets, report)));
  return report;
}

Result<DetokenizeReport> detokenize_file(const std::string& input, const std::string& output, TokenProfile profile,
                                         const Secret& encryption_key, const TokenRun& run) {
  ARROW_RETURN_NOT_OK(check_output(input, output));
  const TextDialect dialect = profile_traits(profile).dialect;
  ARROW_ASSIGN_OR_RAISE(auto reader, open_token_file(input, dialect));
  ARROW_ASSIGN_OR_RAISE(auto writer, TokenFileWriter::open(output, dialect));
  std::vector<OpeningWorker> workers(static_cast<size_t>(run.pool.threads()));
  for (OpeningWorker& worker : workers) {
    ARROW_ASSIGN_OR_RAISE(worker.opener, TokenOpener::make(encryption_key.bytes()));
  }
  DetokenizeReport report;
  if (run.progress != nullptr) run.progress->begin("detokenize", "tokens");
  const auto work = [&](const TextBlock& block, int index, OpenedTokens* out) -> Status {
    OpeningWorker& worker = workers[static_cast<size_t>(index)];
    TokenTable table;
    for (size_t position = 0;;) {
      ARROW_ASSIGN_OR_RAISE(const bool more, reader->parse(block, &position, &worker.columns));
      if (!more) break;
      open_tokens(worker.columns, worker.opener.get(), &table, &out->report);
    }
    ARROW_ASSIGN_OR_RAISE(out->tokens, writer->encode(std::move(table)));
    return Status::OK();
  };
  const auto write = [&](const OpenedTokens& opened) -> Status {
    report.rows += opened.report.rows;
    report.decrypted += opened.report.decrypted;
    report.blank += opened.report.blank;
    report.unreadable += opened.report.unreadable;
    advance(run, static_cast<size_t>(opened.report.rows));
    return writer->write(opened.tokens);
  };
  ARROW_RETURN_NOT_OK((run_ordered_pipeline<TextBlock, OpenedTokens>(
      run.pool, [&](TextBlock* block) { return reader->next(block); }, work, write, run.cancellation)));
  if (run.progress != nullptr) run.progress->end();
  if (report.unreadable > 0 && report.decrypted == 0) {
    return Status::Invalid(input, ": the key opens none of ", report.unreadable,
                           " tokens; it is not the key they were made with, or they are not encrypted");
  }
  ARROW_RETURN_NOT_OK(writer->finish());
  return report;
}

}  // namespace linkwright
