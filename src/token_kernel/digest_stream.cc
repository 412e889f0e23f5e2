#include "token_kernel/digest_stream.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kernel/contained.h"
#include "token/big_endian.h"
#include "token/raw_values.h"
#include "token/secret_source.h"
#include "token/token_crypto.h"
#include "token/token_digester.h"
#include "token_kernel/count_rows.h"
#include "token_kernel/secret_hashes.h"

namespace linkwright {
namespace {

using BatchPtr = std::shared_ptr<arrow::RecordBatch>;
using ArrayPtr = std::shared_ptr<arrow::Array>;

constexpr const char* kEncryptionKey = "encryption key";

std::shared_ptr<arrow::Schema> digest_schema(size_t rules) {
  arrow::FieldVector fields = {arrow::field("RecordId", arrow::utf8()), arrow::field("lw_row", arrow::int64())};
  for (size_t rule = 0; rule < rules; ++rule) {
    fields.push_back(arrow::field("lw_t" + std::to_string(rule), arrow::binary()));
  }
  return with_count_columns(std::move(fields));
}

/// Texts of rows that arrive; views into the batch.
struct TokenRows {
  std::vector<RawValue> rule_ids;
  std::vector<RawValue> tokens;
  std::vector<RawValue> record_ids;
  std::shared_ptr<arrow::Int64Array> numbers;
  std::deque<std::string> converted;

  Status take(const arrow::RecordBatch& rows) {
    converted.clear();
    for (const auto& [name, values] :
         {std::pair{"RuleId", &rule_ids}, std::pair{"Token", &tokens}, std::pair{"RecordId", &record_ids}}) {
      values->clear();
      const ArrayPtr column = rows.GetColumnByName(name);
      if (column == nullptr) return Status::Invalid("rows of tokens need a column '", name, "'");
      ARROW_RETURN_NOT_OK(append_raw_values(*column, name, &converted, values));
    }
    numbers = std::dynamic_pointer_cast<arrow::Int64Array>(rows.GetColumnByName("lw_row"));
    if (numbers == nullptr) return Status::Invalid("rows of tokens need a column 'lw_row' of 64-bit integers");
    return Status::OK();
  }
};

/// Gathers rows that follow each other, and makes a batch of them.
class DigestRows {
 public:
  explicit DigestRows(std::shared_ptr<arrow::Schema> schema, size_t rules)
      : schema_(std::move(schema)), held_(rules, kNoToken), digests_(rules) {}

  Status add(std::string_view record_id, int64_t number, const std::optional<TokenDigester::Token>& token) {
    const bool fits = holds_row_ && record_id == record_id_ &&
                      (!token || held_[token->rule] == kNoToken || held_[token->rule] == token->digest);
    if (!fits) {
      ARROW_RETURN_NOT_OK(end_row());
      holds_row_ = true;
      record_id_ = record_id;
      number_ = number;
    }
    if (token) held_[token->rule] = token->digest;
    return Status::OK();
  }

  /// What was added; the texts of it are no longer needed.
  Result<BatchPtr> finish() {
    ARROW_RETURN_NOT_OK(end_row());
    arrow::ArrayVector columns(2);
    ARROW_ASSIGN_OR_RAISE(columns[0], record_ids_.Finish());
    ARROW_ASSIGN_OR_RAISE(columns[1], numbers_.Finish());
    for (arrow::BinaryBuilder& digests : digests_) {
      ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), digests.Finish());
    }
    return without_counts(schema_, std::move(columns));
  }

 private:
  Status end_row() {
    if (!std::exchange(holds_row_, false)) return Status::OK();
    ARROW_RETURN_NOT_OK(record_ids_.Append(record_id_));
    ARROW_RETURN_NOT_OK(numbers_.Append(number_));
    for (size_t rule = 0; rule < held_.size(); ++rule) {
      const TokenDigest digest = std::exchange(held_[rule], kNoToken);
      if (digest == kNoToken) {
        ARROW_RETURN_NOT_OK(digests_[rule].AppendNull());
        continue;
      }
      bytes_.clear();
      for (uint64_t half : digest) append_number(half, &bytes_);
      ARROW_RETURN_NOT_OK(digests_[rule].Append(bytes_));
    }
    return Status::OK();
  }

  std::shared_ptr<arrow::Schema> schema_;
  bool holds_row_ = false;
  std::string_view record_id_;
  int64_t number_ = 0;
  std::vector<TokenDigest> held_;  // by rule
  std::string bytes_;
  arrow::StringBuilder record_ids_;
  arrow::Int64Builder numbers_;
  std::vector<arrow::BinaryBuilder> digests_;  // by rule
};

class DigestStream final : public arrow::RecordBatchReader {
 public:
  DigestStream(DigestTask task, std::shared_ptr<arrow::RecordBatchReader> rows)
      : task_(std::move(task)),
        rows_(std::move(rows)),
        schema_(digest_schema(task_.rules.size())),
        digests_(schema_, task_.rules.size()),
        tally_(task_.rules.size()) {}

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }

  Status ReadNext(BatchPtr* batch) override {
    const Status status = contained([&] { return read_next(batch); });
    return status.ok() ? status : status.WithMessage(task_.dataset, ": ", status.message());
  }

 private:
  Status read_next(BatchPtr* batch) {
    batch->reset();
    if (is_done_) return Status::OK();
    if (digester_ == nullptr) ARROW_RETURN_NOT_OK(make_digester());
    BatchPtr rows;
    ARROW_RETURN_NOT_OK(rows_->ReadNext(&rows));
    if (rows == nullptr) {
      is_done_ = true;
      return counts_batch().Value(batch);
    }
    ARROW_RETURN_NOT_OK(texts_.take(*rows));
    for (size_t row = 0; row < texts_.tokens.size(); ++row) {
      ARROW_ASSIGN_OR_RAISE(const auto token,
                            digester_->digest(texts_.rule_ids[row].text, texts_.tokens[row].text, &tally_));
      const int64_t number = texts_.numbers->Value(static_cast<int64_t>(row));
      ARROW_RETURN_NOT_OK(digests_.add(texts_.record_ids[row].text, number, token));
    }
    return digests_.finish().Value(batch);
  }

  Status make_digester() {
    std::unique_ptr<TokenOpener> opener;
    if (!task_.encryption_key.sha256.empty()) {
      no_core_dumps_.emplace();
      ARROW_ASSIGN_OR_RAISE(const Secret key, read_executor_secret(task_.encryption_key, kEncryptionKey));
      ARROW_ASSIGN_OR_RAISE(opener, TokenOpener::make(key.bytes()));
    }
    digester_ = std::make_unique<TokenDigester>(
        TokenDigester::Options{.rules = task_.rules,
                               .blank_tokens_match = task_.blank_tokens_match,
                               .key_remedy =
                                   "set LINKWRIGHT_ENCRYPTION_KEY in the environment of the executors, or give "
                                   "--encryption-key-file, a file that each of them has"},
        std::move(opener));
    return Status::OK();
  }

  Result<BatchPtr> counts_batch() const {
    CountRows counts;
    ARROW_RETURN_NOT_OK(counts.add("rows", tally_.rows));
    ARROW_RETURN_NOT_OK(counts.add("tokens", tally_.tokens));
    ARROW_RETURN_NOT_OK(counts.add("undecrypted", tally_.undecrypted));
    for (size_t rule = 0; rule < task_.rules.size(); ++rule) {
      ARROW_RETURN_NOT_OK(counts.add("rule " + task_.rules[rule], tally_.rows_of_rule[rule]));
    }
    for (const std::string& rule : tally_.other_rules) ARROW_RETURN_NOT_OK(counts.add("rule " + rule, 0));
    return counts.finish(schema_);
  }

  DigestTask task_;
  std::shared_ptr<arrow::RecordBatchReader> rows_;
  std::shared_ptr<arrow::Schema> schema_;
  std::optional<CoreDumpGuard> no_core_dumps_;  // while the key is in memory
  std::unique_ptr<TokenDigester> digester_;
  TokenRows texts_;
  DigestRows digests_;
  TokenTally tally_;
  bool is_done_ = false;
};

}  // namespace

Result<std::shared_ptr<arrow::RecordBatchReader>> digest_tokens(DigestTask task,
                                                                std::shared_ptr<arrow::RecordBatchReader> rows) {
  if (task.rules.empty()) return Status::Invalid("digesting tokens needs the rules that they are of");
  return std::make_shared<DigestStream>(std::move(task), std::move(rows));
}

std::shared_ptr<arrow::RecordBatchReader> encryption_key_hash(ExecutorSecret source) {
  const auto ask = [source = std::move(source)]() -> Result<std::vector<std::string>> {
    ARROW_ASSIGN_OR_RAISE(const Secret key, find_executor_secret(source, kEncryptionKey));
    if (key.empty()) return std::vector<std::string>{""};
    ARROW_RETURN_NOT_OK(check_encryption_key(key.bytes()));
    return std::vector<std::string>{key.sha256_hex()};
  };
  return std::make_shared<SecretHashes>(std::vector<std::string>{"encryption_key"}, ask);
}

}  // namespace linkwright
