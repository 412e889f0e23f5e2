#include "io/coded_parquet_column.h"

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/type.h>
#include <arrow/util/bit_util.h>
#include <parquet/column_page.h>
#include <parquet/column_writer.h>
#include <parquet/exception.h>
#include <parquet/metadata.h>
#include <parquet/properties.h>
#include <parquet/schema.h>

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

#include "io/rle_bit_packing.h"

namespace linkwright {
namespace {

constexpr size_t kPageRows = size_t{1} << 15;
constexpr int64_t kMostDictionaryBytes = int64_t{64} << 20;  // which ends a row group; readers keep dictionaries whole
constexpr int kLevelBits = 1;

std::shared_ptr<arrow::ResizableBuffer> empty_buffer(const parquet::WriterProperties& properties) {
  PARQUET_ASSIGN_OR_THROW(std::shared_ptr<arrow::ResizableBuffer> buffer,
                          arrow::AllocateResizableBuffer(0, properties.memory_pool()));
  return buffer;
}

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
    for (const uint32_t code : codes) {
      const std::string_view text = texts.GetView(code);
      const auto length = static_cast<uint32_t>(text.size());
      std::memcpy(out, &length, sizeof(length));
      std::memcpy(out + sizeof(length), text.data(), length);
      out += sizeof(length) + length;
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
    : nullable_(nullable),
      properties_(std::move(properties)),
      body_(empty_buffer(*properties_)),
      compressed_(empty_buffer(*properties_)) {}

CodedParquetColumn::~CodedParquetColumn() = default;

void CodedParquetColumn::begin(const std::shared_ptr<arrow::io::OutputStream>& file,
                               parquet::ColumnChunkMetaDataBuilder* chunk) {
  pages_ = parquet::PageWriter::Open(file, properties_->compression(chunk->descr()->path()), chunk, -1, -1,
                                     properties_->memory_pool(), /*buffered_row_group=*/true);
  encoded_bytes_ = 0;
}

bool CodedParquetColumn::fits(const arrow::Array& rows) const {
  return dictionary_bytes_ == 0 ||
         (rows.data()->dictionary == dictionary_->data() && dictionary_bytes_ <= kMostDictionaryBytes);
}

Status CodedParquetColumn::use_dictionary(const arrow::DictionaryArray& rows) {
  if (dictionary_ != nullptr && rows.data()->dictionary == dictionary_->data()) return Status::OK();
  dictionary_ = rows.dictionary();
  numbers_.emplace(static_cast<size_t>(dictionary_->length()));
  return dictionary_->null_count() == 0
             ? Status::OK()
             : Status::Invalid("a dictionary holds a null; which rows are null is for its indices to say");
}

Status CodedParquetColumn::add(const arrow::Array& array) {
  const auto& rows = static_cast<const arrow::DictionaryArray&>(array);
  ARROW_RETURN_NOT_OK(use_dictionary(rows));
  const int32_t* codes = static_cast<const arrow::Int32Array&>(*rows.indices()).raw_values();
  const auto size = static_cast<size_t>(rows.length());
  add_levels(rows);
  if (rows.null_count() == 0) {
    add_indices({codes, size});
  } else {
    codes_.resize(size);
    size_t valid = 0;
    for (size_t k = 0; k < size; ++k) {
      codes_[valid] = codes[k];
      valid += static_cast<size_t>(rows.IsValid(static_cast<int64_t>(k)));
    }
    add_indices({codes_.data(), valid});
  }
  page_rows_ += size;
  if (dictionary_bytes_ > INT32_MAX) {
    return Status::CapacityError("one row group has ", dictionary_bytes_, " bytes of distinct text; 2 GiB fit");
  }
  if (page_rows_ >= kPageRows) end_page();
  return Status::OK();
}

void CodedParquetColumn::add_indices(std::span<const int32_t> codes) {
  const size_t before = indices_.size();
  const size_t known = numbers_->codes().size();
  indices_.resize(before + codes.size());
  numbers_->number(codes, indices_.data() + before);
  dictionary_bytes_ += plain_bytes(*dictionary_, numbers_->codes().subspan(known));
}

void CodedParquetColumn::add_levels(const arrow::DictionaryArray& rows) {
  if (rows.null_count() == 0 && levels_.empty()) return;
  const auto size = static_cast<size_t>(rows.length());
  levels_.resize(page_rows_, 1);
  levels_.reserve(page_rows_ + size);
  for (int64_t k = 0; k < rows.length(); ++k) levels_.push_back(static_cast<uint32_t>(rows.IsValid(k)));
}

// Levels behind their length, one byte that tells the width of an index, indices.
void CodedParquetColumn::end_page() {
  if (page_rows_ == 0) return;
  const int index_bits = indices_.empty() ? 0 : bits_for(numbers_->codes().size());
  PARQUET_THROW_NOT_OK(
      body_->Resize(static_cast<int64_t>(sizeof(uint32_t) + most_rle_bit_packed_bytes(page_rows_, kLevelBits) + 1 +
                                         most_rle_bit_packed_bytes(indices_.size(), index_bits)),
                    /*shrink_to_fit=*/false));
  uint8_t* const begin = body_->mutable_data();
  uint8_t* end = begin;
  if (nullable_) {
    end += sizeof(uint32_t);
    if (levels_.empty()) levels_.assign(page_rows_, 1);
    end = append_rle_bit_packed(levels_, kLevelBits, end);
    const auto length = static_cast<uint32_t>(end - begin - static_cast<std::ptrdiff_t>(sizeof(uint32_t)));
    std::memcpy(begin, &length, sizeof(length));
  }
  *end++ = static_cast<uint8_t>(index_bits);
  if (index_bits > 0) end = append_rle_bit_packed(indices_, index_bits, end);
  PARQUET_THROW_NOT_OK(body_->Resize(end - begin, /*shrink_to_fit=*/false));

  pages_->Compress(*body_, compressed_.get());
  PARQUET_ASSIGN_OR_THROW(std::shared_ptr<arrow::Buffer> page,
                          compressed_->CopySlice(0, compressed_->size(), properties_->memory_pool()));
  encoded_.push_back(std::make_unique<parquet::DataPageV1>(
      std::move(page), static_cast<int32_t>(page_rows_), properties_->dictionary_index_encoding(),
      parquet::Encoding::RLE, parquet::Encoding::RLE, body_->size()));
  encoded_bytes_ += body_->size();
  page_rows_ = 0;
  indices_.clear();
  levels_.clear();
}

void CodedParquetColumn::write_dictionary() {
  PARQUET_ASSIGN_OR_THROW(const std::shared_ptr<arrow::Buffer> plain,
                          arrow::AllocateBuffer(dictionary_bytes_, properties_->memory_pool()));
  const std::span<const uint32_t> codes = numbers_ ? numbers_->codes() : std::span<const uint32_t>();
  if (!codes.empty()) write_plain(*dictionary_, codes, plain->mutable_data());
  pages_->WriteDictionaryPage(
      parquet::DictionaryPage(plain, static_cast<int32_t>(codes.size()), properties_->dictionary_page_encoding()));
}

Status CodedParquetColumn::flush() {
  end_page();
  write_dictionary();
  for (const auto& page : encoded_) pages_->WriteDataPage(*page);
  encoded_bytes_ += dictionary_bytes_;
  encoded_.clear();
  dictionary_bytes_ = 0;
  if (numbers_) numbers_->clear();
  return Status::OK();
}

int64_t CodedParquetColumn::finish() {
  pages_->Close(/*has_dictionary=*/true, /*fallback=*/false);
  pages_.reset();
  return encoded_bytes_;
}

}  // namespace linkwright
