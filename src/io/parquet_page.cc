#include "io/parquet_page.h"

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>
#include <arrow/util/compression.h>
#include <parquet/metadata.h>
#include <parquet/types.h>

#include <algorithm>
#include <cstdint>
#include <map>
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

Result<int64_t> write_pages(const ParquetPage* dictionary, std::span<const ParquetPage> pages, size_t rows,
                            arrow::io::OutputStream* file, parquet::ColumnChunkMetaDataBuilder* chunk) {
  int64_t compressed = 0;
  int64_t uncompressed = 0;
  const auto append = [&](const ParquetPage& page) -> Status {
    ARROW_RETURN_NOT_OK(file->Write(page.header));
    ARROW_RETURN_NOT_OK(file->Write(page.body));
    compressed += page.size();
    uncompressed += page.uncompressed_size();
    return Status::OK();
  };
  ARROW_ASSIGN_OR_RAISE(const int64_t begin, file->Tell());
  if (dictionary != nullptr) ARROW_RETURN_NOT_OK(append(*dictionary));
  const int64_t begin_of_data = begin + compressed;
  for (const ParquetPage& page : pages) ARROW_RETURN_NOT_OK(append(page));
  const bool is_coded = dictionary != nullptr;
  std::map<parquet::Encoding::type, int32_t> of_dictionary;
  if (is_coded) of_dictionary[parquet::Encoding::PLAIN] = 1;
  chunk->Finish(
      static_cast<int64_t>(rows), is_coded ? begin : -1, /*index_page_offset=*/-1, begin_of_data, compressed,
      uncompressed, is_coded, /*dictionary_fallback=*/false, of_dictionary,
      {{is_coded ? parquet::Encoding::RLE_DICTIONARY : parquet::Encoding::PLAIN, static_cast<int32_t>(pages.size())}});
  return uncompressed;
}

}  // namespace linkwright
