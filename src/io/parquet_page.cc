#include "io/parquet_page.h"

#include <arrow/buffer.h>
#include <arrow/util/compression.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "io/thrift_writer.h"
#include "io/throwing_memory_pool.h"

namespace linkwright {

std::string parquet_page_header(const ParquetPageOutline& page) {
  const bool is_data = page.kind == ParquetPageKind::kData;
  std::string header;
  ThriftWriter thrift(&header);
  thrift.begin_struct();
  thrift.i32(1, static_cast<int32_t>(page.kind));
  thrift.i32(2, static_cast<int32_t>(page.uncompressed_bytes));
  thrift.i32(3, static_cast<int32_t>(page.compressed_bytes));
  thrift.structure(is_data ? 5 : 7);
  thrift.begin_struct();
  thrift.i32(1, static_cast<int32_t>(page.values));
  thrift.i32(2, static_cast<int32_t>(page.encoding));
  if (is_data) {  // of the definition and the repetition levels, whether a column has them or not
    thrift.i32(3, static_cast<int32_t>(ParquetEncoding::kRle));
    thrift.i32(4, static_cast<int32_t>(ParquetEncoding::kRle));
  }
  thrift.end_struct();
  thrift.end_struct();
  return header;
}

int64_t ParquetPage::size() const { return static_cast<int64_t>(header.size()) + body->size(); }

int64_t ParquetPage::uncompressed_size() const { return static_cast<int64_t>(header.size() + uncompressed_bytes); }

ParquetPagePress::ParquetPagePress(std::shared_ptr<arrow::util::Codec> codec) : codec_(std::move(codec)) {}

Result<ParquetPage> ParquetPagePress::page(ParquetPageKind kind, ParquetEncoding encoding, size_t values,
                                           const arrow::Buffer& body) {
  int64_t size = body.size();
  const arrow::Buffer* pressed = &body;
  if (codec_ != nullptr) {
    const int64_t most = codec_->MaxCompressedLen(body.size(), body.data());
    if (compressed_ == nullptr) {
      ARROW_ASSIGN_OR_RAISE(compressed_, arrow::AllocateResizableBuffer(most, throwing_memory_pool()));
    } else if (compressed_->size() < most) {
      ARROW_RETURN_NOT_OK(compressed_->Resize(most, /*shrink_to_fit=*/false));
    }
    ARROW_ASSIGN_OR_RAISE(size, codec_->Compress(body.size(), body.data(), most, compressed_->mutable_data()));
    pressed = compressed_.get();
  }
  if (std::max(size, body.size()) > INT32_MAX) {
    return Status::CapacityError("a page of ", body.size(), " bytes; Parquet takes 2 GiB");
  }
  ParquetPage page;
  page.uncompressed_bytes = static_cast<size_t>(body.size());
  page.header = parquet_page_header({kind, encoding, values, page.uncompressed_bytes, static_cast<size_t>(size)});
  ARROW_ASSIGN_OR_RAISE(page.body, pressed->CopySlice(0, size, throwing_memory_pool()));
  return page;
}

}  // namespace linkwright
