#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/status.h"

namespace arrow {
class Buffer;
}

namespace arrow::io {
class OutputStream;
}

namespace arrow::util {
class Codec;
}

namespace parquet {
class ColumnChunkMetaDataBuilder;
}

namespace linkwright {

/// What of Parquet's format the pages that are made here have. Source: github.com/apache/parquet-format,
/// parquet.thrift, whose numbers these are.
enum class ParquetPageKind : int32_t { kData = 0, kDictionary = 2 };
enum class ParquetEncoding : int32_t { kPlain = 0, kRle = 3, kRleDictionary = 8 };

/// A page as its header tells of it.
struct ParquetPageOutline {
  ParquetPageKind kind;
  ParquetEncoding encoding;
  size_t values;  // rows, null or not, or entries of a dictionary
  size_t uncompressed_bytes;
  size_t compressed_bytes;  // as many as follow the header; the same where nothing is compressed
};

/// The header of a page, data pages being of version 1.
std::string parquet_page_header(const ParquetPageOutline& page);

/// A page as it stands in a file: its header and what follows it.
struct ParquetPage {
  std::string header;
  std::shared_ptr<arrow::Buffer> body;
  size_t uncompressed_bytes;  // of the body

  /// Header and all, as Parquet's metadata counts.
  int64_t size() const;
  int64_t uncompressed_size() const;
};

/// A page of `values` values, encoded as `body` holds them, compressed by `codec`. Errors: more than 2 GiB.
Result<ParquetPage> parquet_page(ParquetPageKind kind, ParquetEncoding encoding, size_t values,
                                 const arrow::Buffer& body, arrow::util::Codec& codec);

/// Writes the pages of `rows` rows of a column: codes behind their dictionary, or plain values where that is null.
/// Tells `chunk` of them, and returns how many bytes they have before compression.
Result<int64_t> write_pages(const ParquetPage* dictionary, std::span<const ParquetPage> pages, size_t rows,
                            arrow::io::OutputStream* file, parquet::ColumnChunkMetaDataBuilder* chunk);

/// A text as a plain value: its length and its bytes, for which there is room. Returns their end.
inline uint8_t* put_plain_text(std::string_view text, uint8_t* out) {
  const auto length = static_cast<uint32_t>(text.size());
  std::memcpy(out, &length, sizeof(length));
  return std::copy(text.begin(), text.end(), out + sizeof(length));
}

}  // namespace linkwright
