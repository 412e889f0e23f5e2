#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/status.h"

namespace arrow::io {
class OutputStream;
}

namespace linkwright {

/// A file under a temporary name beside its path, which becomes the file itself when it is whole and disappears
/// otherwise. An older file at the path stays until then. Not thread-safe.
class PendingFile {
 public:
  explicit PendingFile(std::string path);
  ~PendingFile();
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;

  const std::string& path() const { return path_; }

  /// Where to write to; to be closed before `publish`.
  Result<std::shared_ptr<arrow::io::OutputStream>> open();

  /// Gives the file its name. The data is on the disk before the name is: a crash leaves the old file or the new one.
  Status publish();

  /// An error of writing, with the path and what to look at.
  Status failed(const Status& status) const;

 private:
  std::string path_;
  std::string temporary_;
  bool published_ = false;
};

/// Text for such a file, written in pieces of a megabyte. Not thread-safe.
class PendingTextFile {
 public:
  explicit PendingTextFile(std::string path) : file_(std::move(path)) {}

  /// To be called first.
  Status open();
  Status append(std::string_view text);
  /// Writes what is left and gives the file its name.
  Status finish();

 private:
  Status flush();

  PendingFile file_;
  std::shared_ptr<arrow::io::OutputStream> stream_;
  std::string pending_;
};

/// Writes `content` to `path` by the same temporary name and rename.
Status write_file_atomically(const std::string& path, std::string_view content);

}  // namespace linkwright
