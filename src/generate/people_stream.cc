#include "generate/people_stream.h"

#include <arrow/record_batch.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace linkwright {

// Batches are made in windows of eight. While a window is made, the one before it is handed on: as the first chunk of
// the same parallel loop, so that one thread is busy with the sink from the beginning and the others make rows.
Status stream_people(const PeopleGenerator& people, ThreadPool& pool, const BatchSink& sink, Progress* progress,
                     const Cancellation* cancellation) {
  constexpr uint64_t kBatchRows = 65'536;
  constexpr uint64_t kWindowBatches = 8;
  using Window = std::vector<std::shared_ptr<arrow::RecordBatch>>;

  if (progress != nullptr) progress->begin("generate", "rows", people.num_rows());
  const uint64_t num_batches = (people.num_rows() + kBatchRows - 1) / kBatchRows;
  Window finished;
  for (uint64_t first = 0; first < num_batches || !finished.empty(); first += kWindowBatches) {
    const uint64_t end = std::min(num_batches, first + kWindowBatches);
    Window made(end > first ? end - first : 0);
    const auto hand_on_or_make = [&](size_t chunk, int) -> Status {
      if (chunk > 0) return people.batch((first + chunk - 1) * kBatchRows, kBatchRows).Value(&made[chunk - 1]);
      for (std::shared_ptr<arrow::RecordBatch>& batch : finished) {
        if (cancellation != nullptr) ARROW_RETURN_NOT_OK(cancellation->check());
        ARROW_RETURN_NOT_OK(sink(*batch));
        if (progress != nullptr) progress->advance(static_cast<uint64_t>(batch->num_rows()));
        batch.reset();
      }
      return Status::OK();
    };
    ARROW_RETURN_NOT_OK(pool.for_each_chunk(made.size() + 1, hand_on_or_make, cancellation));
    finished = std::move(made);
  }
  if (progress != nullptr) progress->end();
  return Status::OK();
}

}  // namespace linkwright
