#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "io/chunk_dictionary.h"
#include "io/parquet_column.h"

namespace arrow {
class Array;
class DictionaryArray;
class ResizableBuffer;
}  // namespace arrow

namespace parquet {
class DataPage;
class PageWriter;
}  // namespace parquet

namespace linkwright {

/// A column whose rows come as codes into a dictionary, written without a look at the values but those that a row group
/// needs: Arrow's writer would hash each one again, or, for numbers, each row.
///
/// The library compresses pages, writes their headers and keeps the metadata; here is what is inside of a page, data
/// pages of version 1: definition levels and indices by `append_rle_bit_packed`, the dictionary as plain values.
class CodedParquetColumn : public ParquetColumn {
 public:
  CodedParquetColumn(bool nullable, std::shared_ptr<parquet::WriterProperties> properties);
  ~CodedParquetColumn() override;

  void begin(const std::shared_ptr<arrow::io::OutputStream>& file, parquet::ColumnChunkMetaDataBuilder* chunk) override;
  bool fits(const arrow::Array& rows) const override;
  Status add(const arrow::Array& rows) override;
  Status flush() override;
  int64_t finish() override;

 private:
  Status use_dictionary(const arrow::DictionaryArray& rows);
  void add_indices(std::span<const int32_t> codes);
  void add_levels(const arrow::DictionaryArray& rows);
  void end_page();
  void write_dictionary();

  const bool nullable_;
  const std::shared_ptr<parquet::WriterProperties> properties_;
  std::unique_ptr<parquet::PageWriter> pages_;

  std::shared_ptr<arrow::Array> dictionary_;
  std::optional<ChunkDictionary> numbers_;
  int64_t dictionary_bytes_ = 0;                             // as plain values
  std::vector<std::unique_ptr<parquet::DataPage>> encoded_;  // compressed, behind the dictionary page yet to come
  int64_t encoded_bytes_ = 0;                                // before compression

  // The page that is being filled.
  size_t page_rows_ = 0;
  std::vector<int32_t> codes_;     // of some rows that are not null
  std::vector<uint32_t> indices_;  // of those that are not null
  std::vector<uint32_t> levels_;   // 1: not null, 0: null; empty while there is no null
  std::shared_ptr<arrow::ResizableBuffer> body_;
  std::shared_ptr<arrow::ResizableBuffer> compressed_;
};

}  // namespace linkwright
