#pragma once

#include <cstdint>
#include <memory>

#include "base/status.h"

namespace arrow {
class Array;
class DataType;
class Field;
}  // namespace arrow

namespace arrow::io {
class OutputStream;
}

namespace parquet {
class ColumnChunkMetaDataBuilder;
class WriterProperties;
}  // namespace parquet

namespace linkwright {

/// Encodes a column of a Parquet file, one row group after another: `begin`; for each batch of rows `parts_of` and then
/// `add` of every part; `flush`, `finish`.
///
/// `add` and `flush` touch nothing outside the column, so that columns can be encoded side by side, and parts of one
/// column as well; `begin`, `parts_of` and `finish` are called in the order of the columns, `finish` when all are
/// flushed, since a column may take pages of another. All throw parquet::ParquetException where the library does. Apart
/// from parts not thread-safe.
class ParquetColumn {
 public:
  /// For a flat field (`is_flat`): codes and dictionaries as they are where the field is coded (`is_coded`), text as it
  /// is where the properties want no dictionary, anything else by the library's own column writer.
  static std::unique_ptr<ParquetColumn> make(const arrow::Field& field,
                                             std::shared_ptr<parquet::WriterProperties> properties);
  virtual ~ParquetColumn() = default;

  virtual void begin(const std::shared_ptr<arrow::io::OutputStream>& file,
                     parquet::ColumnChunkMetaDataBuilder* chunk) = 0;
  /// Whether the row group that has begun can take `rows` too: all of its rows must have one dictionary, of bounded
  /// size.
  virtual bool fits(const arrow::Array& rows) const = 0;
  /// How many parts these rows have, for which there is room from now on.
  virtual size_t parts_of(const arrow::Array& /*rows*/) { return 1; }
  virtual Status add(const arrow::Array& rows, size_t part) = 0;
  virtual Status flush() = 0;
  /// Writes the encoded column to the file; returns how many bytes it has before compression.
  virtual Result<int64_t> finish() = 0;
};

/// Types without rows inside of rows: those that one Parquet column holds.
bool is_flat(const arrow::DataType& type);

bool is_text(const arrow::DataType& type);

/// Dictionaries of text, numbers, dates or timestamps with 32-bit indices.
bool is_coded(const arrow::DataType& type);

}  // namespace linkwright
