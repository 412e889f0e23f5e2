#include <arrow/array.h>
#include <arrow/array/builder_binary.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <chrono>

#include "linkwright/token.h"
#include "token/raw_values.h"
#include "token/tokenizer_plan.h"

namespace linkwright {
namespace {

constexpr std::array<std::pair<std::string_view, TokenMode>, 4> kModes = {{{"encrypt", TokenMode::kEncrypt},
                                                                           {"hash", TokenMode::kHash},
                                                                           {"plain", TokenMode::kPlain},
                                                                           {"sha256", TokenMode::kSha256}}};

Status check_secrets(TokenMode mode, const Secret& hashing_secret, const Secret& encryption_key) {
  if (needs_hashing_secret(mode) && is_blank_text(TextDialect::kJava, hashing_secret.bytes())) {
    return Status::Invalid("mode '", token_mode_name(mode),
                           "' needs a hashing secret, and there is none or it is blank; ",
                           "set LINKWRIGHT_HASHING_SECRET or give --hashing-secret-file");
  }
  if (!needs_encryption_key(mode)) return Status::OK();
  if (encryption_key.empty()) {
    return Status::Invalid("mode 'encrypt' needs an encryption key; set LINKWRIGHT_ENCRYPTION_KEY or give ",
                           "--encryption-key-file, or use --mode hash");
  }
  return check_encryption_key(encryption_key.bytes());
}

Result<std::string> random_uuid() {
  std::array<uint8_t, 16> random;
  ARROW_RETURN_NOT_OK(fill_random(random.data(), random.size()));
  std::string uuid;
  append_uuid(random.data(), &uuid);
  return uuid;
}

std::vector<std::string> column_names(const arrow::Schema& schema) { return schema.field_names(); }

Result<std::shared_ptr<arrow::RecordBatch>> to_record_batch(const TokenTable& table) {
  arrow::StringBuilder rules;
  arrow::StringBuilder tokens;
  arrow::StringBuilder records;
  const auto rows = static_cast<int64_t>(table.rows());
  ARROW_RETURN_NOT_OK(tokens.ReserveData(static_cast<int64_t>(table.tokens.bytes().size())));
  for (auto* builder : {&rules, &tokens, &records}) ARROW_RETURN_NOT_OK(builder->Reserve(rows));
  for (size_t row = 0; row < table.rows(); ++row) {
    ARROW_RETURN_NOT_OK(rules.Append(table.rule_ids[table.rule_of_row[row]]));
    tokens.UnsafeAppend(table.tokens[row]);
    ARROW_RETURN_NOT_OK(records.Append(table.record_ids[table.record_of_row[row]]));
  }
  arrow::ArrayVector columns(3);
  ARROW_RETURN_NOT_OK(rules.Finish(&columns[0]));
  ARROW_RETURN_NOT_OK(tokens.Finish(&columns[1]));
  ARROW_RETURN_NOT_OK(records.Finish(&columns[2]));
  return arrow::RecordBatch::Make(Tokenizer::output_schema(), rows, std::move(columns));
}

}  // namespace

arrow::Result<TokenMode> parse_token_mode(std::string_view name) {
  for (const auto& [known, mode] : kModes) {
    if (known == name) return mode;
  }
  return Status::Invalid("unknown mode '", name, "'; choose one of encrypt, hash, plain, sha256");
}

std::string_view token_mode_name(TokenMode mode) {
  for (const auto& [name, known] : kModes) {
    if (known == mode) return name;
  }
  return {};
}

void TokenCounts::merge(const TokenCounts& other) {
  rows += other.rows;
  rows_with_invalid_attributes += other.rows_with_invalid_attributes;
  for (const auto& [name, count] : other.invalid_attributes) invalid_attributes[name] += count;
  for (const auto& [rule, count] : other.blank_tokens) blank_tokens[rule] += count;
}

Tokenizer::Tokenizer(std::unique_ptr<const Plan> plan) : plan_(std::move(plan)) {}
Tokenizer::~Tokenizer() = default;

arrow::Result<std::shared_ptr<const Tokenizer>> Tokenizer::make(const TokenizerOptions& options, Secret hashing_secret,
                                                                Secret encryption_key) {
  ARROW_RETURN_NOT_OK(check_secrets(options.mode, hashing_secret, encryption_key));
  const ProfileTraits& traits = profile_traits(options.profile);
  ARROW_ASSIGN_OR_RAISE(SignaturePlan signatures,
                        plan_signatures(traits, options.rules.empty() ? default_token_rules() : options.rules));
  DateContext dates;
  ARROW_ASSIGN_OR_RAISE(dates.time_zone, TimeZone::make(options.time_zone));
  dates.today = dates.time_zone->today();
  if (!options.today.empty()) {
    ARROW_ASSIGN_OR_RAISE(dates.today, parse_iso_date(options.today));
  }
  const TokenFormat format = options.format.value_or(traits.default_format);
  std::string ring_id = options.ring_id;
  if (ring_id.empty() && format == TokenFormat::kMatchToken) {
    ARROW_ASSIGN_OR_RAISE(ring_id, random_uuid());
  }
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  std::unique_ptr<Plan> plan(
      new Plan{.traits = traits,
               .mode = options.mode,
               .format = format,
               .signatures = std::move(signatures),
               .dates = std::move(dates),
               .ring_id = std::move(ring_id),
               .issued_at_seconds = std::chrono::duration_cast<std::chrono::seconds>(now).count(),
               .hasher = nullptr,
               .encryption_key = {},
               .hashing_secret_sha256 = "",
               .encryption_key_sha256 = ""});
  if (needs_hashing_secret(options.mode)) {
    plan->hasher = std::make_unique<const TokenHasher>(hashing_secret.bytes());
    plan->hashing_secret_sha256 = hashing_secret.sha256_hex();
  }
  if (needs_encryption_key(options.mode)) {
    plan->encryption_key_sha256 = encryption_key.sha256_hex();
    plan->encryption_key = std::move(encryption_key);
  }
  return std::make_shared<const Tokenizer>(std::move(plan));
}

std::shared_ptr<arrow::Schema> Tokenizer::output_schema() {
  return arrow::schema({arrow::field("RuleId", arrow::utf8(), false), arrow::field("Token", arrow::utf8(), false),
                        arrow::field("RecordId", arrow::utf8(), false)});
}

arrow::Result<std::shared_ptr<arrow::RecordBatch>> Tokenizer::tokenize(const arrow::RecordBatch& people,
                                                                       TokenCounts* counts) const {
  ARROW_ASSIGN_OR_RAISE(PeopleLayout layout, lay_out_people(*plan_, column_names(*people.schema())));
  TextColumns columns;
  columns.clear(layout.slot_count);
  columns.rows = static_cast<size_t>(people.num_rows());
  for (int i = 0; i < people.num_columns(); ++i) {
    const int slot = layout.slots[static_cast<size_t>(i)];
    if (slot < 0) continue;
    ARROW_RETURN_NOT_OK(append_raw_values(*people.column(i), people.column_name(i), &columns.converted,
                                          &columns.columns[static_cast<size_t>(slot)]));
  }
  ARROW_ASSIGN_OR_RAISE(auto worker, TokenWorker::make(*plan_));
  TokenTable table;
  BatchCounts batch_counts;
  ARROW_RETURN_NOT_OK(worker->make_tokens(layout, columns, &table, &batch_counts));
  if (counts != nullptr) counts->merge(batch_counts.named(plan_->signatures));
  return to_record_batch(table);
}

}  // namespace linkwright
