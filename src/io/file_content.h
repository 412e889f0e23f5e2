#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"

namespace arrow {
class Buffer;
}

namespace linkwright {

enum class ContentFormat { kParquet, kCsv, kJson };

/// A whole file in memory: mapped when it is plain, decompressed when its first bytes say gzip or Zstandard.
struct FileContent {
  std::shared_ptr<arrow::Buffer> bytes;
  std::string_view text() const;
};

/// Errors name the file: it cannot be read, or its compressed data is damaged.
Result<FileContent> read_file_content(const std::string& path);

/// What a file holds, told from its name (.csv, .tsv, .json, .ndjson, .jsonl, .parquet, each also with .gz or .zst) and
/// checked against its first bytes. Errors: an ending that says nothing, a file that is not what its name says.
Result<ContentFormat> content_format(const std::string& path);

}  // namespace linkwright
