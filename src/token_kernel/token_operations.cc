// The operations of liblinkwright_token_kernel.so, under the C interface of src/kernel/kernel.h.

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "kernel/contained.h"
#include "kernel/kernel_task.h"
#include "kernel/operations.h"
#include "token/secret_source.h"
#include "token_kernel/count_rows.h"
#include "token_kernel/digest_stream.h"
#include "token_kernel/secret_hashes.h"
#include "token_kernel/tokenize_task.h"

namespace linkwright {
namespace {

using BatchPtr = std::shared_ptr<arrow::RecordBatch>;

// Tokens, and behind them rows that count: those have a name and a number, and no token.
std::shared_ptr<arrow::Schema> tokenize_schema() {
  arrow::FieldVector fields;
  const auto tokens = Tokenizer::output_schema();
  for (const auto& field : tokens->fields()) fields.push_back(field->WithNullable(true));
  return with_count_columns(std::move(fields));
}

class TokenStream final : public arrow::RecordBatchReader {
 public:
  TokenStream(TokenizeTask task, RowStream people)
      : task_(std::move(task)), people_(std::move(people)), schema_(tokenize_schema()) {}

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }

  Status ReadNext(BatchPtr* batch) override {
    return contained([&]() -> Status {
      batch->reset();
      if (is_done_) return Status::OK();
      if (tokenizer_ == nullptr) {
        no_core_dumps_.emplace();
        ARROW_ASSIGN_OR_RAISE(tokenizer_, make_tokenizer(task_));
      }
      BatchPtr people;
      ARROW_RETURN_NOT_OK(people_->ReadNext(&people));
      if (people == nullptr) {
        is_done_ = true;
        return counts_batch().Value(batch);
      }
      ARROW_ASSIGN_OR_RAISE(const BatchPtr tokens, tokenizer_->tokenize(*people, &counts_));
      return without_counts(schema_, tokens->columns()).Value(batch);
    });
  }

 private:
  Result<BatchPtr> counts_batch() const {
    CountRows rows;
    ARROW_RETURN_NOT_OK(rows.add("rows", counts_.rows));
    ARROW_RETURN_NOT_OK(rows.add("invalid_rows", counts_.rows_with_invalid_attributes));
    for (const auto& [name, number] : counts_.invalid_attributes) {
      ARROW_RETURN_NOT_OK(rows.add("invalid " + name, number));
    }
    for (const auto& [name, number] : counts_.blank_tokens) ARROW_RETURN_NOT_OK(rows.add("blank " + name, number));
    return rows.finish(schema_);
  }

  TokenizeTask task_;
  RowStream people_;
  std::shared_ptr<arrow::Schema> schema_;
  std::optional<CoreDumpGuard> no_core_dumps_;  // while the secrets are in memory
  std::shared_ptr<const Tokenizer> tokenizer_;
  TokenCounts counts_;
  bool is_done_ = false;
};

Result<std::string> hash_of(const ExecutorSecret& source, const std::string& name, bool is_needed) {
  if (!is_needed) return "";
  ARROW_ASSIGN_OR_RAISE(const Secret secret, read_executor_secret(source, name));
  return secret.sha256_hex();
}

RowStream hashes_of_secrets(TokenizeTask task) {
  const auto ask = [task = std::move(task)]() -> Result<std::vector<std::string>> {
    ARROW_RETURN_NOT_OK(make_tokenizer(task).status());  // which says all that can be wrong
    std::vector<std::string> hashes(2);
    ARROW_ASSIGN_OR_RAISE(hashes[0],
                          hash_of(task.hashing_secret, "hashing secret", needs_hashing_secret(task.options.mode)));
    ARROW_ASSIGN_OR_RAISE(hashes[1],
                          hash_of(task.encryption_key, "encryption key", needs_encryption_key(task.options.mode)));
    return hashes;
  };
  return std::make_shared<SecretHashes>(std::vector<std::string>{"hashing_secret", "encryption_key"}, ask);
}

Result<RowStream> run_overlap_operation(KernelTask& task, RowStream rows) {
  ARROW_ASSIGN_OR_RAISE(DigestTask digest, DigestTask::from_json(task.options()));
  ARROW_RETURN_NOT_OK(task.options().check_unknown_keys());
  if (task.operation() == "encryption_key_hash") return encryption_key_hash(digest.encryption_key);
  return digest_tokens(std::move(digest), std::move(rows));
}

Result<RowStream> run_tokenize_operation(KernelTask& task, RowStream rows) {
  ARROW_ASSIGN_OR_RAISE(TokenizeTask tokenize, TokenizeTask::from_json(task.options()));
  ARROW_RETURN_NOT_OK(task.options().check_unknown_keys());
  if (task.operation() == "secret_hashes") return hashes_of_secrets(std::move(tokenize));
  return std::make_shared<TokenStream>(std::move(tokenize), std::move(rows));
}

}  // namespace

Result<RowStream> run_operation(std::string_view task_json, RowStream rows) {
  ARROW_ASSIGN_OR_RAISE(KernelTask task, KernelTask::parse(task_json));
  const std::string& operation = task.operation();
  if (operation == "tokenize" || operation == "secret_hashes") return run_tokenize_operation(task, std::move(rows));
  if (operation == "digest_tokens" || operation == "encryption_key_hash") {
    return run_overlap_operation(task, std::move(rows));
  }
  return Status::Invalid("the kernel of tokens has no operation '", operation,
                         "'; known: tokenize, secret_hashes, digest_tokens, encryption_key_hash");
}

}  // namespace linkwright
