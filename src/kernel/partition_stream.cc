#include "kernel/partition_stream.h"

#include <arrow/table.h>

#include <utility>
#include <vector>

#include "kernel/contained.h"
#include "kernel/parcel_stream.h"

namespace linkwright {

PartitionStream::PartitionStream(std::shared_ptr<arrow::Schema> schema, RowStream rows, Work work)
    : schema_(std::move(schema)), rows_(std::move(rows)), work_(std::move(work)) {}

Status PartitionStream::start() {
  std::vector<std::shared_ptr<arrow::RecordBatch>> batches;
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(auto batch, rows_->Next());
    if (batch == nullptr) break;
    batches.push_back(std::move(batch));
  }
  std::shared_ptr<arrow::Table> rows = table_of(rows_->schema(), batches);
  batches.clear();
  rows_.reset();
  results_ = std::make_unique<BackgroundBatches>(
      [work = std::move(work_), rows = std::move(rows)](const auto& put, const Cancellation& cancellation) mutable {
        return work(std::move(rows), put, cancellation);
      });
  return Status::OK();
}

Status PartitionStream::ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) {
  return contained([&]() -> Status {
    if (results_ == nullptr) ARROW_RETURN_NOT_OK(start());
    return results_->next(batch);
  });
}

}  // namespace linkwright
