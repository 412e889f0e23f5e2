#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"

namespace arrow {
class Buffer;
namespace io {
class InputStream;
}
}  // namespace arrow

namespace linkwright {

enum class ContentFormat { kParquet, kCsv, kJson };

/// A whole file in memory: mapped when it is plain, decompressed when its first bytes say gzip or Zstandard.
struct FileContent {
  std::shared_ptr<arrow::Buffer> bytes;
  std::string_view text() const;
};

/// Errors name the file: it cannot be read, or its compressed data is damaged.
Result<FileContent> read_file_content(const std::string& path);

/// The bytes of a file one after the other, decompressed as they are read when its first bytes say gzip or Zstandard:
/// for files of any size. Errors name the file.
Result<std::shared_ptr<arrow::io::InputStream>> open_file_stream(const std::string& path);

/// What a file holds, told from its name (.csv, .tsv, .json, .ndjson, .jsonl, .parquet, each also with .gz or .zst) and
/// checked against its first bytes. Errors: an ending that says nothing, a file that is not what its name says.
/// With kTakeForCsv an ending that says nothing is no error: such a file is Parquet when it starts so, else CSV.
enum class UnknownEnding { kRefuse, kTakeForCsv };
Result<ContentFormat> content_format(const std::string& path, UnknownEnding unknown = UnknownEnding::kRefuse);

}  // namespace linkwright
