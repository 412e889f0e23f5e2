#pragma once

#include <arrow/record_batch.h>

#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "base/status.h"
#include "kernel/operations.h"

namespace arrow {
class Schema;
}  // namespace arrow

namespace linkwright {

/// What an operation makes of each batch of rows for itself, when it is asked for, by the thread that asks.
class MappedStream final : public arrow::RecordBatchReader {
 public:
  using Batches = std::vector<std::shared_ptr<arrow::RecordBatch>>;
  using Map = std::function<Result<Batches>(const std::shared_ptr<arrow::RecordBatch>& rows)>;

  MappedStream(std::shared_ptr<arrow::Schema> schema, RowStream rows, Map map);

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }
  Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override;

 private:
  std::shared_ptr<arrow::Schema> schema_;
  RowStream rows_;
  Map map_;
  std::deque<std::shared_ptr<arrow::RecordBatch>> ready_;
};

}  // namespace linkwright
