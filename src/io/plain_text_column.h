#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "io/parquet_column.h"
#include "io/parquet_page.h"

namespace linkwright {

/// A column of text as it is, for text that hardly repeats: data pages of version 1, plain values. Each page is made by
/// itself, from the rows straight into what is compressed: a long column keeps all threads busy, where the library's
/// writer encodes one page after another.
class PlainTextColumn : public ParquetColumn {
 public:
  PlainTextColumn(bool nullable, std::shared_ptr<parquet::WriterProperties> properties);

  void begin(const std::shared_ptr<arrow::io::OutputStream>& file, parquet::ColumnChunkMetaDataBuilder* chunk) override;
  bool fits(const arrow::Array& /*rows*/) const override { return true; }
  size_t parts_of(const arrow::Array& rows) override;
  Status add(const arrow::Array& rows, size_t part) override;
  Status flush() override { return Status::OK(); }
  Result<int64_t> finish() override;

 private:
  template <typename Texts>
  Result<ParquetPage> page_of(const Texts& texts) const;

  const bool nullable_;
  const std::shared_ptr<parquet::WriterProperties> properties_;
  std::shared_ptr<arrow::io::OutputStream> file_;
  parquet::ColumnChunkMetaDataBuilder* chunk_ = nullptr;

  std::vector<ParquetPage> pages_;
  size_t first_of_rows_ = 0;  // the page of the first part of the rows at hand
  int64_t num_rows_ = 0;
};

}  // namespace linkwright
