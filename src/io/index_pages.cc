#include "io/index_pages.h"

#include <arrow/array.h>
#include <arrow/buffer.h>

#include <utility>

#include "io/rle_bit_packing.h"
#include "io/throwing_memory_pool.h"

namespace linkwright {
namespace {

constexpr size_t kPageRows = size_t{1} << 15;

}  // namespace

IndexPages::IndexPages(bool nullable, std::shared_ptr<arrow::util::Codec> codec)
    : nullable_(nullable), codec_(std::move(codec)) {}

Status IndexPages::add(const arrow::DictionaryArray& rows) {
  const int32_t* codes = static_cast<const arrow::Int32Array&>(*rows.indices()).raw_values();
  const auto size = static_cast<size_t>(rows.length());
  levels_.add(rows);
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
  rows_ += size;
  return levels_.rows() < kPageRows ? Status::OK() : end_page();
}

void IndexPages::add_indices(std::span<const int32_t> codes) {
  const size_t before = indices_.size();
  indices_.resize(before + codes.size());
  numbers_->number(codes, indices_.data() + before);
}

// Levels behind their length, one byte that tells the width of an index, indices.
Status IndexPages::end_page() {
  if (levels_.rows() == 0) return Status::OK();
  const int index_bits = indices_.empty() ? 0 : bits_for(numbers_->codes().size());
  const auto most =
      static_cast<int64_t>(levels_.most_bytes() + 1 + most_rle_bit_packed_bytes(indices_.size(), index_bits));
  ARROW_ASSIGN_OR_RAISE(const auto body, arrow::AllocateResizableBuffer(most, throwing_memory_pool()));
  uint8_t* const begin = body->mutable_data();
  uint8_t* end = begin;
  if (nullable_) end = levels_.write(end);
  *end++ = static_cast<uint8_t>(index_bits);
  if (index_bits > 0) end = append_rle_bit_packed(indices_, index_bits, end);
  ARROW_RETURN_NOT_OK(body->Resize(end - begin, /*shrink_to_fit=*/false));
  ARROW_ASSIGN_OR_RAISE(pages_.emplace_back(), parquet_page(ParquetPageKind::kData, ParquetEncoding::kRleDictionary,
                                                            levels_.rows(), *body, *codec_));
  indices_.clear();
  levels_.clear();
  return Status::OK();
}

void IndexPages::clear() {
  pages_.clear();
  rows_ = 0;
  if (numbers_) numbers_->clear();
}

}  // namespace linkwright
