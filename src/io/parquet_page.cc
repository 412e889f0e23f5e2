#include "io/parquet_page.h"

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>
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

Status append_page(const ParquetPage& page, arrow::io::OutputStream* file, ParquetPageBytes* bytes) {
  ARROW_RETURN_NOT_OK(file->Write(page.header));
  ARROW_RETURN_NOT_OK(file->Write(page.body));
  bytes->compressed += page.size();
  bytes->uncompressed += page.uncompressed_size();
  return Status::OK();
}

Result<ParquetPage> parquet_page(ParquetPageKind kind, ParquetEncoding encoding, size_t values,
                                 const arrow::Buffer& body, arrow::util::Codec& codec) {
  const int64_t most = codec.MaxCompressedLen(body.size(), body.data());
  ARROW_ASSIGN_OR_RAISE(auto compressed, arrow::AllocateResizableBuffer(most, throwing_memory_pool()));
  ARROW_ASSIGN_OR_RAISE(const int64_t size, codec.Compress(body.size(), body.data(), most, compressed->mutable_data()));
  if (std::max(size, body.size()) > INT32_MAX) {
    return Status::CapacityError("a page of ", body.size(), " bytes; Parquet takes 2 GiB");
  }
  ARROW_RETURN_NOT_OK(compressed->Resize(size));
  const auto uncompressed_bytes = static_cast<size_t>(body.size());
  return ParquetPage{parquet_page_header({kind, encoding, values, uncompressed_bytes, static_cast<size_t>(size)}),
                     std::move(compressed), uncompressed_bytes};
}

}  // namespace linkwright
