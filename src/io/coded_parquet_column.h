#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "io/index_pages.h"
#include "io/parquet_column.h"
#include "io/parquet_page.h"

namespace arrow {
class Array;
class DictionaryArray;
}  // namespace arrow

namespace linkwright {

/// A column whose rows come as codes into a dictionary, written without a look at the values but those that a row group
/// needs: Arrow's writer would hash each one again, or, for numbers, each row. The library keeps the metadata; pages
/// are made here: data pages of version 1 behind the dictionary as plain values.
class CodedParquetColumn : public ParquetColumn {
 public:
  CodedParquetColumn(bool nullable, std::shared_ptr<parquet::WriterProperties> properties);

  /// Whether a column may take its pages from another whose rows are these.
  static bool can_share(const arrow::Array& rows, const arrow::Array& leading_rows);

  /// Takes the pages of an earlier column in this row group, instead of making its own. To be called behind `begin`,
  /// before any rows. The leader follows no other, and is begun again only after this column's `finish`.
  void follow(const CodedParquetColumn& leader) { leader_ = &leader; }

  void begin(const std::shared_ptr<arrow::io::OutputStream>& file, parquet::ColumnChunkMetaDataBuilder* chunk) override;
  bool fits(const arrow::Array& rows) const override;
  Status add(const arrow::Array& rows, size_t part) override;
  Status flush() override;
  Result<int64_t> finish() override;

 private:
  const IndexPages& pages() const { return leader_ == nullptr ? *pages_ : *leader_->pages_; }
  Status use_dictionary(const arrow::DictionaryArray& rows);
  Status make_dictionary_page();

  const bool nullable_;
  const std::shared_ptr<parquet::WriterProperties> properties_;
  std::shared_ptr<arrow::io::OutputStream> file_;
  parquet::ColumnChunkMetaDataBuilder* chunk_ = nullptr;

  std::shared_ptr<arrow::util::Codec> codec_;
  std::optional<IndexPages> pages_;
  const CodedParquetColumn* leader_ = nullptr;
  std::shared_ptr<arrow::Array> dictionary_;
  int64_t dictionary_bytes_ = 0;  // of the row group's, as plain values
  ParquetPage dictionary_page_;
};

}  // namespace linkwright
