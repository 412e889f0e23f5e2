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

enum class FileFormat { kParquet, kCsv, kNdjson };

/// Writes record batches to one file that appears only when it is whole: data goes to a temporary name beside `path`,
/// which `finish` syncs and renames. A writer destroyed before `finish` removes the temporary file and leaves an older
/// file at `path` untouched. Dictionary-encoded text columns are accepted by every format. The same batches give the
/// same bytes. Not thread-safe.
class TableWriter {
 public:
  static Result<std::unique_ptr<TableWriter>> open(const std::string& path, FileFormat format,
                                                   std::shared_ptr<arrow::Schema> schema);
  virtual ~TableWriter() = default;

  virtual Status write(const arrow::RecordBatch& batch) = 0;
  virtual Status finish() = 0;
};

}  // namespace linkwright
