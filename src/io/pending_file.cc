#include "io/pending_file.h"

#include <arrow/io/file.h>
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

#include "io/file_publisher.h"
#include "io/spark_folder.h"

namespace linkwright {

PendingFile::PendingFile(std::string path, FilePublisher* publisher)
    : path_(std::move(path)),
      temporary_(path_ + ".part-" + std::to_string(::getpid())),
      publisher_(publisher),
      unfinished_(temporary_) {}

PendingFile::PendingFile(PendingFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::move(other.temporary_)),
      publisher_(other.publisher_),
      owns_temporary_(std::exchange(other.owns_temporary_, false)),
      descriptor_(other.descriptor_),
      syncing_(other.syncing_),
      unfinished_(std::move(other.unfinished_)) {}

// Without std::filesystem, which needs memory for a path: this may run because there is none.
PendingFile::~PendingFile() {
  if (owns_temporary_) ::unlink(temporary_.c_str());
}

Result<std::shared_ptr<arrow::io::OutputStream>> PendingFile::open() {
  auto stream = arrow::io::FileOutputStream::Open(temporary_);
  if (!stream.ok()) return failed(stream.status());
  descriptor_ = (*stream)->file_descriptor();
  return std::shared_ptr<arrow::io::OutputStream>(*stream);
}

void PendingFile::begin_to_sync(int64_t size) {
  constexpr int64_t kStep = int64_t{32} << 20;
  if (size < syncing_ + kStep) return;
  // What it cannot begin, `sync` does: errors are met there.
  ::sync_file_range(descriptor_, syncing_, size - syncing_, SYNC_FILE_RANGE_WRITE);
  syncing_ = size;
}

Status PendingFile::sync() {
  const int descriptor = ::open(temporary_.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  if (descriptor >= 0) ::close(descriptor);
  return synced ? Status::OK() : Status::IOError("cannot write ", path_, ": the disk did not take it");
}

Status PendingFile::take_name() {
  namespace fs = std::filesystem;
  std::error_code error;
  std::error_code ignored;
  // The folder of an earlier run on Spark stands aside until the file has its name.
  const std::string aside = is_spark_folder(path_) ? temporary_ + ".old" : "";
  if (!aside.empty()) fs::rename(path_, aside, error);
  if (!error) fs::rename(temporary_, path_, error);
  if (!aside.empty()) error ? fs::rename(aside, path_, ignored) : void(fs::remove_all(aside, ignored));
  if (error == std::errc::is_a_directory) {
    return Status::IOError("cannot write ", path_, ": it is a folder; remove it, or choose another output");
  }
  if (error) return Status::IOError("cannot write ", path_, ": ", error.message());
  owns_temporary_ = false;
  unfinished_.forget();
  return Status::OK();
}

Status PendingFile::publish() {
  if (publisher_ != nullptr) {
    publisher_->publish(std::move(*this));
    return Status::OK();
  }
  ARROW_RETURN_NOT_OK(sync());
  return take_name();
}

Status PendingFile::failed(const Status& status) const {
  return Status::IOError("cannot write ", path_, ": ", status.message(), "; is there space, and may it be written?");
}

Status PendingTextFile::open() {
  ARROW_ASSIGN_OR_RAISE(stream_, file_.open());
  return Status::OK();
}

Status PendingTextFile::append(std::string_view text) {
  constexpr size_t kPiece = size_t{1} << 20;
  pending_.append(text);
  return pending_.size() < kPiece ? Status::OK() : flush();
}

Status PendingTextFile::flush() {
  const auto size = static_cast<int64_t>(pending_.size());
  const Status written = stream_->Write(pending_.data(), size);
  pending_.clear();
  if (!written.ok()) return file_.failed(written);
  written_ += size;
  file_.begin_to_sync(written_);
  return Status::OK();
}

Status PendingTextFile::finish() {
  ARROW_RETURN_NOT_OK(flush());
  const Status closed = stream_->Close();
  return closed.ok() ? file_.publish() : file_.failed(closed);
}

Status write_file_atomically(const std::string& path, std::string_view content, FilePublisher* publisher) {
  PendingTextFile file(path, publisher);
  ARROW_RETURN_NOT_OK(file.open());
  ARROW_RETURN_NOT_OK(file.append(content));
  return file.finish();
}

}  // namespace linkwright
