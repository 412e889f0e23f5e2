#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/status.h"

namespace arrow {
class RecordBatch;
class Schema;
}  // namespace arrow

namespace linkwright {

class FilePublisher;

enum class FileFormat { kParquet, kCsv, kNdjson };

/// What the ending of a path says: .parquet, .csv, .ndjson or .jsonl. Errors: any other, named.
Result<FileFormat> file_format_of(const std::string& path);

struct TableWriterOptions {
  int threads = 1;           // that encode columns or rows side by side, and for Parquet above 1 another that writes
                             // them; the bytes do not depend on it
  bool text_repeats = true;  // Parquet: look for repeated values in plain text columns. Without it they are only
                             // compressed, which is faster where values are mostly distinct, or near their like
  FilePublisher* publisher = nullptr;  // gives the file its name later, while others are written
};

/// Writes record batches to one file that appears only when it is whole: data goes to a temporary name beside `path`,
/// which `finish` syncs and renames, or hands to the publisher. A writer destroyed before `finish` removes the
/// temporary file and leaves an older file at `path` untouched. The same batches give the same bytes. Not thread-safe.
///
/// Every format takes dictionary-encoded columns, of distinct values that are not null, and they are read back as plain
/// ones. Parquet writes them from their indices, which is far cheaper than plain columns; a batch with another
/// dictionary array than the one before begins a row group, so batches should share them. Columns of numbers over the
/// very indices of another are encoded with it.
///
/// Memory: Parquet holds the encoded columns of a row group, 2^18 rows, and with several threads up to
/// kMostWriteBehindBytes of the one before.
class TableWriter {
 public:
  static Result<std::unique_ptr<TableWriter>> open(const std::string& path, FileFormat format,
                                                   const std::shared_ptr<arrow::Schema>& schema,
                                                   const TableWriterOptions& options = {});
  virtual ~TableWriter() = default;

  /// Errors name the file: it cannot be written.
  virtual Status write(const arrow::RecordBatch& batch) = 0;
  /// Gives the file its name, or hands it to the publisher; to be called once, after the last batch.
  virtual Status finish() = 0;
};

}  // namespace linkwright
