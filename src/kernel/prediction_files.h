#pragma once

#include <arrow/io/memory.h>

#include <cstdint>
#include <memory>
#include <span>

#include "base/status.h"
#include "engine/even_batches.h"
#include "engine/prediction_table.h"
#include "io/parquet_encoder.h"
#include "kernel/background_batches.h"
#include "kernel/compared_rows.h"
#include "kernel/prediction_output.h"

namespace arrow {
class Schema;
}  // namespace arrow

namespace linkwright {

/// Scored pairs as whole Parquet files, a row each: `lw_file` has the bytes but for the last four, which are PAR1 in
/// every Parquet file, and `lw_kept` the number of predictions. There is a file where there are no pairs, too.
class PredictionFiles final : public PredictionOutput {
 public:
  /// A file ends with the row group that makes it `file_bytes` or more.
  PredictionFiles(const PredictionTable& table, int64_t file_bytes, const BackgroundBatches::Put& put);
  PredictionFiles(const PredictionFiles&) = delete;
  PredictionFiles& operator=(const PredictionFiles&) = delete;

  static std::shared_ptr<arrow::Schema> schema();

  Status add(std::span<const ScoredPair> pairs) override { return batches_.add(pairs); }
  Status finish(std::span<const uint64_t> compared_by_rule) override;

 private:
  static constexpr size_t kBatchPairs = size_t{1} << 15;

  Status begin_file();
  Status end_file();
  Status write(const arrow::RecordBatch& predictions);

  const PredictionTable& table_;
  int64_t file_bytes_;
  const BackgroundBatches::Put& put_;
  ComparedRows rows_;
  EvenBatches batches_;
  std::shared_ptr<arrow::io::BufferOutputStream> bytes_;
  std::unique_ptr<ParquetEncoder> file_;
  int64_t kept_ = 0;  // of the file
  bool has_files_ = false;
};

}  // namespace linkwright
