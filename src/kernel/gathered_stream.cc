#include "kernel/gathered_stream.h"

#include <arrow/table.h>

#include <utility>

#include "kernel/contained.h"
#include "kernel/parcel_stream.h"

namespace linkwright {

GatheredStream::GatheredStream(std::shared_ptr<arrow::Schema> schema, RowStream rows, int64_t rows_at_once, Map map,
                               Finish finish)
    : schema_(std::move(schema)),
      rows_(std::move(rows)),
      rows_at_once_(rows_at_once),
      map_(std::move(map)),
      finish_(std::move(finish)) {}

Status GatheredStream::make_ready() {
  Batches gathered;
  for (int64_t count = 0; count < rows_at_once_;) {
    ARROW_ASSIGN_OR_RAISE(auto rows, rows_->Next());
    if (rows == nullptr) {
      is_done_ = true;
      break;
    }
    if (rows->num_rows() == 0) continue;
    count += rows->num_rows();
    gathered.push_back(std::move(rows));
  }
  const auto add = [&](Batches made) {
    for (auto& batch : made) ready_.push_back(std::move(batch));
  };
  if (!gathered.empty()) {
    has_rows_ = true;
    ARROW_ASSIGN_OR_RAISE(Batches made, map_(table_of(rows_->schema(), gathered)));
    add(std::move(made));
  }
  if (is_done_ && has_rows_ && finish_) {
    ARROW_ASSIGN_OR_RAISE(Batches made, finish_());
    add(std::move(made));
  }
  return Status::OK();
}

Status GatheredStream::ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) {
  return contained([&]() -> Status {
    batch->reset();
    while (ready_.empty() && !is_done_) ARROW_RETURN_NOT_OK(make_ready());
    if (ready_.empty()) return Status::OK();
    *batch = std::move(ready_.front());
    ready_.pop_front();
    return Status::OK();
  });
}

}  // namespace linkwright
