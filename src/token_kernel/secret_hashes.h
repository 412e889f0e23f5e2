#pragma once

#include <arrow/record_batch.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "token_kernel/executor_secret.h"

namespace linkwright {

/// What the secrets of an executor are, by their SHA-256, which the metadata of tokens shows as well: one row with a
/// text for each name. `ask` is called when the row is.
class SecretHashes final : public arrow::RecordBatchReader {
 public:
  SecretHashes(const std::vector<std::string>& names, std::function<Result<std::vector<std::string>>()> ask);

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }
  Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override;

 private:
  std::shared_ptr<arrow::Schema> schema_;
  std::function<Result<std::vector<std::string>>()> ask_;
  bool is_done_ = false;
};

}  // namespace linkwright
