#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"

namespace arrow::io {
class OutputStream;
}

namespace linkwright {

/// A file under a temporary name beside `path` until it is whole. `finish` renames it; one that goes before that is
/// removed, and an older file at `path` stays.
class TemporaryFile {
 public:
  static Result<std::unique_ptr<TemporaryFile>> open(const std::string& path);
  static Status write_whole(const std::string& path, std::string_view content);
  ~TemporaryFile();

  const std::shared_ptr<arrow::io::OutputStream>& stream() const { return stream_; }
  Status write(std::string_view bytes);
  Status finish();

 private:
  TemporaryFile() = default;
  std::string path_;
  std::string temporary_;
  std::shared_ptr<arrow::io::OutputStream> stream_;  // none once finished
};

}  // namespace linkwright
