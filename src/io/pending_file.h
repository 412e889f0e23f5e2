#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/status.h"
#include "base/unfinished_files.h"

namespace arrow::io {
class OutputStream;
}

namespace linkwright {

class FilePublisher;

/// A file under a temporary name beside its path, which becomes the file itself when it is whole and disappears
/// otherwise. An older file at the path stays until then. Not thread-safe.
class PendingFile {
 public:
  /// With a publisher, `publish` leaves the rest to it.
  explicit PendingFile(std::string path, FilePublisher* publisher = nullptr);
  ~PendingFile();
  PendingFile(PendingFile&& other) noexcept;
  PendingFile& operator=(PendingFile&&) = delete;

  const std::string& path() const { return path_; }

  /// Where to write to; to be closed before `publish`.
  Result<std::shared_ptr<arrow::io::OutputStream>> open();

  /// Lets the disk begin with what was written so far, up to `size`: large files are then not waited for at the end.
  void begin_to_sync(int64_t size);

  /// Gives the file its name. The data is on the disk before the name is: a crash leaves the old file or the new one.
  Status publish();

  /// The two steps of it.
  Status sync();
  Status take_name();

  /// An error of writing, with the path and what to look at.
  Status failed(const Status& status) const;

 private:
  std::string path_;
  std::string temporary_;
  FilePublisher* publisher_;
  bool owns_temporary_ = true;
  int descriptor_ = -1;  // of the stream, while it is open
  int64_t syncing_ = 0;  // bytes that the disk was told of
  UnfinishedFile unfinished_;
};

/// Text for such a file, written in pieces of a megabyte. Not thread-safe.
class PendingTextFile {
 public:
  explicit PendingTextFile(std::string path, FilePublisher* publisher = nullptr) : file_(std::move(path), publisher) {}

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
  int64_t written_ = 0;
};

/// Writes `content` to `path` by the same temporary name and rename.
Status write_file_atomically(const std::string& path, std::string_view content, FilePublisher* publisher = nullptr);

}  // namespace linkwright
