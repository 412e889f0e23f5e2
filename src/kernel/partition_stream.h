#pragma once

#include <arrow/record_batch.h>

#include <functional>
#include <memory>

#include "base/cancellation.h"
#include "base/status.h"
#include "kernel/background_batches.h"
#include "kernel/operations.h"

namespace arrow {
class Schema;
class Table;
}  // namespace arrow

namespace linkwright {

/// What an operation makes of all rows of a partition together: they are read when the first result is asked for, by
/// the thread that asks; results are made by a thread of their own.
class PartitionStream final : public arrow::RecordBatchReader {
 public:
  using Work = std::function<Status(std::shared_ptr<arrow::Table> rows, const BackgroundBatches::Put& put,
                                    const Cancellation& cancellation)>;

  PartitionStream(std::shared_ptr<arrow::Schema> schema, RowStream rows, Work work);

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }
  Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override;

 private:
  Status start();

  std::shared_ptr<arrow::Schema> schema_;
  RowStream rows_;
  Work work_;
  std::unique_ptr<BackgroundBatches> results_;
};

}  // namespace linkwright
