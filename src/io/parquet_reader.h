#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/cancellation.h"
#include "base/status.h"

namespace arrow {
class RecordBatch;
class RecordBatchReader;
class Schema;
class Table;
}  // namespace arrow
namespace parquet::arrow {
class FileReader;
}

namespace linkwright {

/// Reads a Parquet file; text columns come dictionary-encoded, as most files store them. Errors name the file;
/// Cancelled between groups of rows.
Result<std::shared_ptr<arrow::Table>> read_parquet(const std::string& path, bool use_threads,
                                                   const Cancellation* cancellation = nullptr);
Result<std::shared_ptr<arrow::Schema>> read_parquet_schema(const std::string& path);

/// Reads some columns of a Parquet file in batches of rows, so that a file of any size needs little memory: pages are
/// read as they are needed. Not thread-safe.
class ParquetBatches {
 public:
  /// `columns` are names of the file's schema; batches have them in this order. Errors name the file.
  static Result<std::unique_ptr<ParquetBatches>> open(const std::string& path, const std::vector<std::string>& columns,
                                                      int64_t batch_rows);
  ~ParquetBatches();

  /// None at the end of the file.
  Result<std::shared_ptr<arrow::RecordBatch>> next();

 private:
  explicit ParquetBatches(std::string path);

  std::string path_;
  std::unique_ptr<parquet::arrow::FileReader> file_;
  std::unique_ptr<arrow::RecordBatchReader> batches_;
  std::vector<int> places_;  // of the columns that are asked for, among those that are read
};

}  // namespace linkwright
