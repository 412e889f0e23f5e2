#include "kernel/mapped_stream.h"

#include <utility>

#include "kernel/contained.h"

namespace linkwright {

MappedStream::MappedStream(std::shared_ptr<arrow::Schema> schema, RowStream rows, Map map)
    : schema_(std::move(schema)), rows_(std::move(rows)), map_(std::move(map)) {}

Status MappedStream::ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) {
  return contained([&]() -> Status {
    batch->reset();
    while (ready_.empty()) {
      ARROW_ASSIGN_OR_RAISE(const auto rows, rows_->Next());
      if (rows == nullptr) return Status::OK();
      ARROW_ASSIGN_OR_RAISE(Batches made, map_(rows));
      for (auto& one : made) {
        if (one->num_rows() > 0) ready_.push_back(std::move(one));
      }
    }
    *batch = std::move(ready_.front());
    ready_.pop_front();
    return Status::OK();
  });
}

}  // namespace linkwright
