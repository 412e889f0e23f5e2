#include "io/coded_parquet_column.h"

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/type.h>
#include <arrow/util/compression.h>
#include <parquet/metadata.h>
#include <parquet/properties.h>
#include <parquet/schema.h>

#include <cstring>
#include <span>
#include <utility>

#include "io/throwing_memory_pool.h"

namespace linkwright {
namespace {

constexpr int64_t kMostDictionaryBytes = int64_t{64} << 20;  // which ends a row group; readers keep dictionaries whole

// Calls `act` with the text array that `values` is, or returns false.
template <typename Act>
bool as_text(const arrow::Array& values, const Act& act) {
  if (values.type_id() == arrow::Type::STRING) {
    act(static_cast<const arrow::StringArray&>(values));
  } else if (values.type_id() == arrow::Type::LARGE_STRING) {
    act(static_cast<const arrow::LargeStringArray&>(values));
  } else {
    return false;
  }
  return true;
}

size_t fixed_width(const arrow::Array& values) { return static_cast<size_t>(values.type()->byte_width()); }

// What `codes` take as plain values.
int64_t plain_bytes(const arrow::Array& values, std::span<const uint32_t> codes) {
  int64_t bytes = 0;
  const bool is_text = as_text(values, [&](const auto& texts) {
    for (const uint32_t code : codes) bytes += int64_t{sizeof(uint32_t)} + texts.value_length(code);
  });
  return is_text ? bytes : static_cast<int64_t>(codes.size() * fixed_width(values));
}

void write_plain(const arrow::Array& values, std::span<const uint32_t> codes, uint8_t* out) {
  const bool is_text = as_text(values, [&](const auto& texts) {
    constexpr size_t kAhead = 16;  // texts are asked for before they are read
    for (size_t k = 0; k < codes.size(); ++k) {
      if (k + kAhead < codes.size()) __builtin_prefetch(texts.GetView(codes[k + kAhead]).data());
      out = put_plain_text(texts.GetView(codes[k]), out);
    }
  });
  if (is_text) return;
  const size_t width = fixed_width(values);
  const uint8_t* numbers = values.data()->GetValues<uint8_t>(1, values.offset() * static_cast<int64_t>(width));
  for (const uint32_t code : codes) {
    std::memcpy(out, numbers + code * width, width);
    out += width;
  }
}

}  // namespace

CodedParquetColumn::CodedParquetColumn(bool nullable, std::shared_ptr<parquet::WriterProperties> properties)
    : nullable_(nullable), properties_(std::move(properties)) {}

// Of numbers only: their dictionaries are small, whatever the codes.
bool CodedParquetColumn::can_share(const arrow::Array& rows, const arrow::Array& leading_rows) {
  const arrow::ArrayData& data = *rows.data();
  const arrow::ArrayData& leading = *leading_rows.data();
  return data.buffers == leading.buffers && data.offset == leading.offset &&
         arrow::is_fixed_width(data.dictionary->type->id());
}

void CodedParquetColumn::begin(const std::shared_ptr<arrow::io::OutputStream>& file,
                               parquet::ColumnChunkMetaDataBuilder* chunk) {
  file_ = file;
  chunk_ = chunk;
  leader_ = nullptr;
  dictionary_bytes_ = 0;
  if (pages_) return pages_->clear();
  codec_ = parquet::GetCodec(properties_->compression(chunk->descr()->path()));
  pages_.emplace(nullable_, codec_);
}

bool CodedParquetColumn::fits(const arrow::Array& rows) const {
  if (pages().rows() == 0) return true;
  return rows.data()->dictionary == dictionary_->data() && dictionary_bytes_ <= kMostDictionaryBytes;
}

Status CodedParquetColumn::use_dictionary(const arrow::DictionaryArray& rows) {
  if (dictionary_ != nullptr && rows.data()->dictionary == dictionary_->data()) return Status::OK();
  dictionary_ = rows.dictionary();
  pages_->use_codes(static_cast<size_t>(dictionary_->length()));
  return dictionary_->null_count() == 0
             ? Status::OK()
             : Status::Invalid("a dictionary holds a null; which rows are null is for its indices to say");
}

Status CodedParquetColumn::add(const arrow::Array& array, size_t /*part*/) {
  const auto& rows = static_cast<const arrow::DictionaryArray&>(array);
  ARROW_RETURN_NOT_OK(use_dictionary(rows));
  if (leader_ != nullptr) return Status::OK();
  const size_t known = pages_->codes().size();
  ARROW_RETURN_NOT_OK(pages_->add(rows));
  dictionary_bytes_ += plain_bytes(*dictionary_, pages_->codes().subspan(known));
  if (dictionary_bytes_ <= INT32_MAX) return Status::OK();
  return Status::CapacityError("one row group has ", dictionary_bytes_, " bytes of distinct text; 2 GiB fit");
}

Status CodedParquetColumn::flush() {
  if (leader_ != nullptr) return Status::OK();  // whose codes are not all known yet
  ARROW_RETURN_NOT_OK(pages_->end_page());
  return make_dictionary_page();
}

Status CodedParquetColumn::make_dictionary_page() {
  const std::span<const uint32_t> codes = pages().codes();
  ARROW_ASSIGN_OR_RAISE(const std::unique_ptr<arrow::Buffer> plain,
                        arrow::AllocateBuffer(plain_bytes(*dictionary_, codes), throwing_memory_pool()));
  if (!codes.empty()) write_plain(*dictionary_, codes, plain->mutable_data());
  return parquet_page(ParquetPageKind::kDictionary, ParquetEncoding::kPlain, codes.size(), *plain, *codec_)
      .Value(&dictionary_page_);
}

Result<int64_t> CodedParquetColumn::finish() {
  if (leader_ != nullptr) ARROW_RETURN_NOT_OK(make_dictionary_page());
  auto bytes = write_pages(&dictionary_page_, pages().pages(), pages().rows(), file_.get(), chunk_);
  dictionary_page_ = {};
  return bytes;
}

}  // namespace linkwright
