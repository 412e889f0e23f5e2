#include "spark/connect/result_reader.h"

#include <arrow/buffer.h>
#include <arrow/io/memory.h>
#include <arrow/ipc/reader.h>
#include <arrow/type.h>

#include <utility>

#include "spark/connect/data_types.h"
#include "spark/connect/literals.h"

namespace linkwright::spark {

Status ResultReader::open() {
  while (schema_ == nullptr) {
    ARROW_ASSIGN_OR_RAISE(const bool more, step());
    if (!more) break;
  }
  if (schema_ == nullptr) schema_ = arrow::schema({});
  return Status::OK();
}

Status ResultReader::finish() {
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(const bool more, step());
    ready_.clear();
    if (!more) return Status::OK();
  }
}

Status ResultReader::ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) {
  batch->reset();
  while (ready_.empty()) {
    ARROW_ASSIGN_OR_RAISE(const bool more, step());
    if (!more) return Status::OK();
  }
  *batch = std::move(ready_.front());
  ready_.pop_front();
  return Status::OK();
}

Status ResultReader::Close() {
  stream_.reset();
  ready_.clear();
  return Status::OK();
}

Result<bool> ResultReader::step() {
  if (stream_ == nullptr) return false;
  proto::ExecutePlanResponse response;
  ARROW_ASSIGN_OR_RAISE(const bool more, stream_->next(&response));
  if (more) {
    ARROW_RETURN_NOT_OK(take(&response));
  } else if (chunks_count_ > 0) {
    return Status::IOError("the result of Spark ended in the middle of a batch of rows");
  }
  return more;
}

Status ResultReader::take(proto::ExecutePlanResponse* response) {
  for (const auto& metrics : response->observed_metrics()) ARROW_RETURN_NOT_OK(report_metrics(metrics));
  if (response->has_schema() && schema_ == nullptr && !response->has_arrow_batch()) {
    ARROW_ASSIGN_OR_RAISE(schema_, arrow_schema(response->schema()));
  }
  if (response->has_sql_command_result()) result_relation_ = response->sql_command_result().relation();
  if (response->has_checkpoint_command_result()) {
    *result_relation_.emplace().mutable_cached_remote_relation() = response->checkpoint_command_result().relation();
  }
  if (response->has_execution_progress()) report_progress(response->execution_progress());
  if (response->has_arrow_batch()) return take_batch(response->mutable_arrow_batch());
  return Status::OK();
}

Status ResultReader::take_batch(proto::ExecutePlanResponse::ArrowBatch* message) {
  if (message->chunk_index() != chunks_count_) {
    return Status::IOError("Spark sent piece ", message->chunk_index(), " of a batch of rows where piece ",
                           chunks_count_, " was due");
  }
  if (chunks_count_ == 0 && message->has_start_offset() && message->start_offset() != rows_) {
    return Status::IOError("Spark sent rows from ", message->start_offset(), " on where row ", rows_, " was due");
  }
  if (chunks_count_ == 0) {
    chunks_ = std::move(*message->mutable_data());
  } else {
    chunks_ += message->data();
  }
  ++chunks_count_;
  if (message->num_chunks_in_batch() > chunks_count_) return Status::OK();
  chunks_count_ = 0;
  return take_rows(message->row_count());
}

Status ResultReader::take_rows(int64_t expected_rows) {
  auto buffer = arrow::Buffer::FromString(std::exchange(chunks_, {}));
  ARROW_ASSIGN_OR_RAISE(auto reader, arrow::ipc::RecordBatchStreamReader::Open(
                                         std::make_shared<arrow::io::BufferReader>(std::move(buffer))));
  // The rows themselves know best; what was announced may name intervals and lists in another way.
  if (rows_ == 0 && ready_.empty()) schema_ = reader->schema();
  int64_t rows = 0;
  for (;;) {
    std::shared_ptr<arrow::RecordBatch> batch;
    ARROW_RETURN_NOT_OK(reader->ReadNext(&batch));
    if (batch == nullptr) break;
    rows += batch->num_rows();
    if (batch->num_rows() > 0) ready_.push_back(std::move(batch));
  }
  if (rows != expected_rows) {
    return Status::IOError("Spark announced ", expected_rows, " rows and sent ", rows);
  }
  rows_ += rows;
  return Status::OK();
}

void ResultReader::report_progress(const proto::ExecutePlanResponse::ExecutionProgress& progress) const {
  if (!options_.on_progress) return;
  ExecutionProgress report;
  report.stages = progress.stages_size();
  report.tasks_running = progress.num_inflight_tasks();
  for (const auto& stage : progress.stages()) {
    report.stages_done += stage.done() ? 1 : 0;
    report.tasks += stage.num_tasks();
    report.tasks_done += stage.num_completed_tasks();
    report.bytes_read += stage.input_bytes_read();
  }
  options_.on_progress(report);
}

Status ResultReader::report_metrics(const proto::ExecutePlanResponse::ObservedMetrics& metrics) const {
  if (metrics.has_root_error_idx()) {
    const int index = metrics.root_error_idx();
    const std::string why = index < metrics.errors_size() ? metrics.errors(index).message() : "no reason given";
    return Status::UnknownError("Spark could not compute the observation '", metrics.name(), "': ", why);
  }
  if (!options_.on_metrics) return Status::OK();
  std::map<std::string, Value> values;
  for (int i = 0; i < metrics.values_size(); ++i) {
    const std::string name = i < metrics.keys_size() ? metrics.keys(i) : "observed_metric_" + std::to_string(i);
    values[name] = value_of(metrics.values(i));
  }
  options_.on_metrics(metrics.name(), values);
  return Status::OK();
}

}  // namespace linkwright::spark
