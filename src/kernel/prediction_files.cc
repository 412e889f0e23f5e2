#include "kernel/prediction_files.h"

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <utility>
#include <vector>

namespace linkwright {
namespace {

constexpr int64_t kMagicBytes = 4;

std::shared_ptr<arrow::Schema> file_schema() {
  return arrow::schema({arrow::field("lw_file", arrow::binary()), arrow::field("lw_kept", arrow::int64())});
}

}  // namespace

PredictionFiles::PredictionFiles(const PredictionTable& table, int64_t file_bytes, const BackgroundBatches::Put& put)
    : table_(table),
      file_bytes_(file_bytes),
      put_(put),
      rows_(file_schema()),
      batches_(table, kBatchPairs, [this](const auto& predictions) { return write(*predictions); }) {}

std::shared_ptr<arrow::Schema> PredictionFiles::schema() { return ComparedRows(file_schema()).schema(); }

Status PredictionFiles::begin_file() {
  ARROW_ASSIGN_OR_RAISE(bytes_, arrow::io::BufferOutputStream::Create());
  return ParquetEncoder::open(table_.schema(), bytes_, {.threads = 1, .text_repeats = false}).Value(&file_);
}

// Bytes grow by row groups, so that a file ends where one of them does.
Status PredictionFiles::write(const arrow::RecordBatch& predictions) {
  if (file_ == nullptr) ARROW_RETURN_NOT_OK(begin_file());
  ARROW_RETURN_NOT_OK(file_->write(predictions));
  kept_ += predictions.num_rows();
  ARROW_ASSIGN_OR_RAISE(const int64_t size, bytes_->Tell());
  return size < file_bytes_ ? Status::OK() : end_file();
}

Status PredictionFiles::end_file() {
  ARROW_RETURN_NOT_OK(file_->close());
  file_.reset();
  ARROW_ASSIGN_OR_RAISE(auto bytes, bytes_->Finish());
  const auto size = static_cast<int32_t>(bytes->size() - kMagicBytes);
  const auto file = std::make_shared<arrow::BinaryArray>(1, arrow::Buffer::FromVector(std::vector<int32_t>{0, size}),
                                                         std::move(bytes));
  const auto kept =
      std::make_shared<arrow::Int64Array>(1, arrow::Buffer::FromVector(std::vector<int64_t>{std::exchange(kept_, 0)}));
  ARROW_ASSIGN_OR_RAISE(auto row, rows_.of_results(*arrow::RecordBatch::Make(file_schema(), 1, {file, kept})));
  has_files_ = true;
  return put_(std::move(row));
}

Status PredictionFiles::finish(std::span<const uint64_t> compared_by_rule) {
  ARROW_RETURN_NOT_OK(batches_.finish());
  if (!has_files_ && file_ == nullptr) ARROW_RETURN_NOT_OK(begin_file());
  if (file_ != nullptr) ARROW_RETURN_NOT_OK(end_file());
  ARROW_ASSIGN_OR_RAISE(auto counts, rows_.of_counts(compared_by_rule));
  return put_(std::move(counts));
}

}  // namespace linkwright
