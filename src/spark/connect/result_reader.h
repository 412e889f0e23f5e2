#pragma once

#include <arrow/record_batch.h>

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "linkwright/spark.h"
#include "spark/connect/response_stream.h"

namespace linkwright::spark {

/// An execution's answers as record batches, read from the network as they are asked for.
///
/// Puts batches that came in pieces together, and checks that no row is missing or comes twice. Progress and observed
/// metrics go to the callbacks of the query, on the thread that reads. Not thread-safe.
class ResultReader final : public arrow::RecordBatchReader {
 public:
  ResultReader(std::unique_ptr<ResponseStream> stream, QueryOptions options)
      : stream_(std::move(stream)), options_(std::move(options)) {}

  /// Reads as far as the columns are known. A command has none: the schema is empty then.
  Status open();
  /// Reads to the end, for commands; rows are dropped.
  Status finish();

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }
  Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override;
  /// Ends the query if it still runs.
  Status Close() override;

  /// What a command of SQL or a checkpoint stands for from now on: its result, to be read without running it again.
  const std::optional<proto::Relation>& result_relation() const { return result_relation_; }

 private:
  Result<bool> step();
  Status take(proto::ExecutePlanResponse* response);
  Status take_batch(proto::ExecutePlanResponse::ArrowBatch* message);
  Status take_rows(int64_t expected_rows);
  void report_progress(const proto::ExecutePlanResponse::ExecutionProgress& progress) const;
  Status report_metrics(const proto::ExecutePlanResponse::ObservedMetrics& metrics) const;

  std::unique_ptr<ResponseStream> stream_;
  QueryOptions options_;
  std::shared_ptr<arrow::Schema> schema_;
  std::deque<std::shared_ptr<arrow::RecordBatch>> ready_;
  std::string chunks_;  // of the batch that is being put together
  int64_t chunks_count_ = 0;
  int64_t rows_ = 0;
  std::optional<proto::Relation> result_relation_;
};

}  // namespace linkwright::spark
