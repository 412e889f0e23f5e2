#pragma once

#include <memory>

#include "base/status.h"

namespace arrow {
class RecordBatch;
class Schema;
}  // namespace arrow

namespace arrow::io {
class OutputStream;
}

namespace linkwright {

struct ParquetEncoderOptions {
  int threads = 1;  // that encode columns side by side
  bool text_repeats = true;
};

/// Turns record batches into the bytes of one Parquet file. Not thread-safe. All throw parquet::ParquetException where
/// the library does.
class ParquetEncoder {
 public:
  /// Schemas of flat columns are encoded by `ParquetColumn`s, those with nested ones by Arrow's own writer.
  static Result<std::unique_ptr<ParquetEncoder>> open(const std::shared_ptr<arrow::Schema>& schema,
                                                      std::shared_ptr<arrow::io::OutputStream> file,
                                                      const ParquetEncoderOptions& options);
  virtual ~ParquetEncoder() = default;

  virtual Status write(const arrow::RecordBatch& batch) = 0;
  /// Writes what is left and the footer, and leaves the stream open.
  virtual Status close() = 0;
};

}  // namespace linkwright
