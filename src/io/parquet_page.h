#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

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

/// How much pages take together, as Parquet's metadata counts.
struct ParquetPageBytes {
  int64_t compressed = 0;
  int64_t uncompressed = 0;
};
Status append_page(const ParquetPage& page, arrow::io::OutputStream* file, ParquetPageBytes* bytes);

/// A page of `values` values, encoded as `body` holds them, compressed by `codec`. Errors: more than 2 GiB.
Result<ParquetPage> parquet_page(ParquetPageKind kind, ParquetEncoding encoding, size_t values,
                                 const arrow::Buffer& body, arrow::util::Codec& codec);

}  // namespace linkwright
