#include "io/plain_text_column.h"

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/type.h>
#include <arrow/util/compression.h>
#include <parquet/metadata.h>
#include <parquet/properties.h>
#include <parquet/schema.h>

#include <utility>

#include "io/definition_levels.h"
#include "io/throwing_memory_pool.h"

namespace linkwright {
namespace {

constexpr int64_t kPageRows = 1 << 13;

}  // namespace

PlainTextColumn::PlainTextColumn(bool nullable, std::shared_ptr<parquet::WriterProperties> properties)
    : nullable_(nullable), properties_(std::move(properties)) {}

void PlainTextColumn::begin(const std::shared_ptr<arrow::io::OutputStream>& file,
                            parquet::ColumnChunkMetaDataBuilder* chunk) {
  file_ = file;
  chunk_ = chunk;
  pages_.clear();
  num_rows_ = 0;
}

size_t PlainTextColumn::parts_of(const arrow::Array& rows) {
  const auto parts = static_cast<size_t>((rows.length() + kPageRows - 1) / kPageRows);
  first_of_rows_ = pages_.size();
  pages_.resize(pages_.size() + parts);
  num_rows_ += rows.length();
  return parts;
}

Status PlainTextColumn::add(const arrow::Array& rows, size_t part) {
  const auto texts = rows.Slice(static_cast<int64_t>(part) * kPageRows, kPageRows);
  ParquetPage* const page = &pages_[first_of_rows_ + part];
  return texts->type_id() == arrow::Type::LARGE_STRING
             ? page_of(static_cast<const arrow::LargeStringArray&>(*texts)).Value(page)
             : page_of(static_cast<const arrow::StringArray&>(*texts)).Value(page);
}

// Levels behind their length, then each text behind its own.
template <typename Texts>
Result<ParquetPage> PlainTextColumn::page_of(const Texts& texts) const {
  DefinitionLevels levels;
  if (nullable_) levels.add(texts);
  const auto lengths = static_cast<int64_t>(sizeof(uint32_t)) * texts.length();
  const auto most = static_cast<int64_t>(levels.most_bytes()) + lengths + texts.total_values_length();
  ARROW_ASSIGN_OR_RAISE(const auto body, arrow::AllocateResizableBuffer(most, throwing_memory_pool()));
  uint8_t* end = body->mutable_data();
  if (nullable_) end = levels.write(end);
  for (int64_t row = 0; row < texts.length(); ++row) {
    if (!texts.IsNull(row)) end = put_plain_text(texts.GetView(row), end);
  }
  ARROW_RETURN_NOT_OK(body->Resize(end - body->data(), /*shrink_to_fit=*/false));
  const auto codec = parquet::GetCodec(properties_->compression(chunk_->descr()->path()));
  return parquet_page(ParquetPageKind::kData, ParquetEncoding::kPlain, static_cast<size_t>(texts.length()), *body,
                      *codec);
}

Result<int64_t> PlainTextColumn::finish() {
  auto bytes = write_pages(nullptr, pages_, static_cast<size_t>(num_rows_), file_.get(), chunk_);
  pages_.clear();
  return bytes;
}

}  // namespace linkwright
